/** Changing wires around a node without losing the flow through it. */

import { wiresIn, wiresOut } from "./adjacency.ts";
import { apply } from "./apply.ts";
import { judgeTypes } from "./connection.ts";
import { inputPorts, interfaceOf, outputPort, outputPorts } from "./ports.ts";
import type { Catalog, Document, Edge, GraphNode, Op } from "./types.ts";
import { edgeKey, sourceId } from "./types.ts";

/** The wires that put `node` into an edge, or null where its types do not fit. */
export function wiresInto(
  document: Document,
  catalog: Catalog,
  edge: Edge,
  node: GraphNode,
): [Edge, Edge] | null {
  const face = interfaceOf(node, catalog);
  const from = outputPort(document, sourceId(edge), edge.output, catalog);
  const target = document.nodes[edge.target];
  const to =
    target && inputPorts(target, interfaceOf(target, catalog)).find((port) => port.name === edge.input);
  if (!from || !to) return null;
  const input = inputPorts(node, face).find(
    (port) =>
      judgeTypes(from.type, port.type, catalog).verdict === "yes" &&
      !document.edges[edgeKey(node.id, port.name)],
  );
  const output = outputPorts(node, face).find(
    (port) => judgeTypes(port.type, to.type, catalog).verdict === "yes",
  );
  if (!input || !output) return null;
  return [
    { ...edge, target: node.id, input: input.name },
    { source: node.id, output: output.name, target: edge.target, input: edge.input },
  ];
}

/** Remove nodes; with `heal`, what fed each one feeds what it fed, where the types fit. */
export function removal(document: Document, catalog: Catalog, ids: readonly string[], heal: boolean): Op[] {
  const ops: Op[] = [];
  let after = document;
  for (const id of ids) {
    if (!after.nodes[id]) continue;
    const before = [...wiresIn(after.edges, id)];
    const below = [...wiresOut(after.edges, id)];
    const step: Op[] = [{ op: "remove_node", id }];
    if (heal) {
      for (const out of below) {
        const target = after.nodes[out.target];
        const wanted =
          target && inputPorts(target, interfaceOf(target, catalog)).find((port) => port.name === out.input);
        const feeder = before.find((edge) => {
          const type = outputPort(after, sourceId(edge), edge.output, catalog)?.type;
          return type !== undefined && wanted && judgeTypes(type, wanted.type, catalog).verdict === "yes";
        });
        if (feeder)
          step.push({
            op: "connect",
            source: feeder.source,
            output: feeder.output,
            target: out.target,
            input: out.input,
          });
      }
    }
    after = apply(after, step, catalog).document;
    ops.push(...step);
  }
  return ops;
}
