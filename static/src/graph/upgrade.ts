/** Another version of a node's component in the node's place, with every wire and parameter that still fits. */

import { orderIn, orderOut, wiresIn, wiresOut } from "./adjacency.ts";
import { apply } from "./apply.ts";
import { judge, judgeTypes } from "./connection.ts";
import { fields, outputPort } from "./ports.ts";
import type { Catalog, ComponentNode, Document, Interface, Op } from "./types.ts";

export interface Upgrade {
  readonly ops: readonly Op[];
  /** What has no place in the new version: sentences for people. */
  readonly lost: readonly string[];
}

export function upgrade(document: Document, catalog: Catalog, node: ComponentNode, to: Interface): Upgrade {
  const lost: string[] = [];
  const known = new Set(fields(to).map((port) => port.name));
  const params = Object.fromEntries(Object.entries(node.params).filter(([name]) => known.has(name)));
  for (const name of Object.keys(node.params)) if (!known.has(name)) lost.push(`the value of “${name}”`);
  const next = {
    ...node,
    component: to.ref,
    params,
    exposed: node.exposed.filter((name) => known.has(name)),
  };
  const ops: Op[] = [
    { op: "remove_node", id: node.id },
    { op: "add_node", node: next },
  ];
  let after = apply(document, ops, catalog).document;
  for (const edge of [...wiresIn(document.edges, node.id), ...wiresOut(document.edges, node.id)]) {
    const op: Op = { op: "connect", ...edge };
    if (judge(after, catalog, edge).verdict === "no") {
      lost.push(edge.target === node.id ? `the wire into “${edge.input}”` : `the wire from “${edge.output}”`);
      continue;
    }
    after = apply(after, op, catalog).document;
    ops.push(op);
  }
  for (const edge of [...orderIn(document.order, node.id), ...orderOut(document.order, node.id)])
    ops.push({ op: "connect_order", ...edge });
  for (const [name, output] of Object.entries(document.outputs)) {
    if (output.source !== node.id) continue;
    const port = outputPort(after, node.id, output.output, catalog);
    if (port && judgeTypes(port.type, output.type, catalog).verdict !== "no")
      ops.push({ op: "set_output", name, output });
    else lost.push(`the pipeline output “${name}”`);
  }
  return { ops, lost };
}
