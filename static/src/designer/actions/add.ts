/** Adding nodes. */

import { apply } from "../../graph/apply.ts";
import { judge, judgeOrder } from "../../graph/connection.ts";
import { nodeSize, portY, snap } from "../../graph/geometry.ts";
import { mintId, takenIn } from "../../graph/ids.ts";
import { wiresInto } from "../../graph/insertion.ts";
import { placeNear, unambiguousWires, wireFrom } from "../../graph/placement.ts";
import { inputPorts, outputPorts } from "../../graph/ports.ts";
import type { Edge, GraphNode, Interface, Op } from "../../graph/types.ts";
import { wholeNode } from "../../graph/whole.ts";
import { app, edit } from "../app.ts";
import type { Asset } from "../state/doc.ts";
import { docStore } from "../state/doc.ts";
import type { PortEnd } from "../state/ui.ts";
import { announce, onlySelected, select, uiStore } from "../state/ui.ts";
import { focusNode, middle, NEXT, showNode } from "./focus.ts";
import { makeRoom } from "./insert.ts";
import { usage } from "../data/joins.ts";
import { typeOf } from "./wire.ts";
import { AFTER, handlesOut, isOrderEnd, orderBetween } from "./order.ts";

export type New = { component: Interface } | { asset: Asset } | { branch: true };

export interface Where {
  /** On the canvas; none places it by itself, next to the selection. */
  at?: { x: number; y: number } | null;
  /** Wire it from or to this port. */
  from?: PortEnd | null;
  /** Wire it to the selection where that is unambiguous. */
  link?: boolean;
  /** Put it into this wire. */
  into?: Edge | null;
  focus?: boolean;
}

function make(what: New): GraphNode {
  const taken = takenIn(docStore.getState().document);
  if ("component" in what) {
    const { name, ref, title } = what.component;
    const id = mintId(name, taken);
    return wholeNode({
      id,
      kind: "component",
      component: ref,
      title: numbered(title, id, name),
    });
  }
  if ("branch" in what) {
    const id = mintId("branch", taken);
    return wholeNode({ id, kind: "branch", title: numbered("If / else", id, "branch") });
  }
  const { asset } = what;
  const id = mintId(asset.name, taken);
  return wholeNode({
    id,
    kind: "data",
    asset: asset.ref,
    type: asset.type,
    title: asset.title || asset.name,
  });
}

/** A second node of a component is told apart by its title as well. */
const numbered = (title: string, id: string, name: string): string =>
  id === name ? title : `${title} ${id.slice(name.length + 1)}`;

/** Add a node, place it, wire it; one undo step. Gives its id. */
export function addNode(what: New, where: Where = {}): string | null {
  const { document } = docStore.getState();
  const { catalog } = app();
  let node = make(what);
  const face = "component" in what ? what.component : undefined;
  const size = nodeSize(node, face);
  const anchor = where.from?.node ?? onlySelected(uiStore.getState());
  const pulled = where.from && !isOrderEnd(where.from) ? firstFit(node, face, where.from) : null;
  const at = where.at && (pulled ? portThere(where.at, node, face, pulled, size.width) : where.at);
  const place = at ? { x: snap(at.x), y: snap(at.y) } : placeNear(document, catalog, size, anchor, middle());
  node = { ...node, ...place };
  const ops: Op[] = [{ op: "add_node", node }];
  let after = apply(document, ops, catalog).document;
  const tryWire = (wire: Edge) => {
    if (judge(after, catalog, wire).verdict === "no") return;
    const op: Op = { op: "connect", ...wire };
    after = apply(after, op, catalog).document;
    ops.push(op);
  };
  if (where.from && isOrderEnd(where.from)) {
    const other: PortEnd =
      where.from.side === "out"
        ? { node: node.id, port: AFTER, side: "in" }
        : { node: node.id, port: handlesOut(node)[0] ?? "", side: "out" };
    const edge = orderBetween(where.from, other);
    if (edge && judgeOrder(after, edge).verdict !== "no") ops.push({ op: "connect_order", ...edge });
  } else if (where.from) {
    if (pulled) tryWire(pulled);
  } else if (where.into) {
    const wires = wiresInto(after, catalog, where.into, node);
    if (wires) {
      ops.push(...makeRoom(document, node, size, where.into, where.at ? place : null));
      ops.push({ op: "disconnect", target: where.into.target, input: where.into.input });
      for (const wire of wires) ops.push({ op: "connect", ...wire });
    }
  } else if (where.link && anchor !== null) {
    for (const wire of unambiguousWires(document, catalog, anchor, node)) tryWire(wire);
  }
  if (!edit(ops, `Add ${node.title}`)) return null;
  select([node.id]);
  const wires = ops.filter((op) => op.op === "connect" || op.op === "connect_order").length;
  announce(`Added ${node.title}${wires > 0 ? `, with ${wires} wire${wires === 1 ? "" : "s"}` : ""}.`);
  if (where.from?.side === "out") showNode(node.id, false, NEXT);
  if (where.focus) focusNode(node.id);
  else if (!where.at) showNode(node.id);
  return node.id;
}

/** Where a new node lies so that the end of the wire is where it was let go. */
function portThere(
  at: { x: number; y: number },
  node: GraphNode,
  face: Interface | undefined,
  wire: Edge,
  width: number,
): { x: number; y: number } {
  const into = wire.target === node.id;
  const row = into
    ? inputPorts(node, face).findIndex((port) => port.name === wire.input)
    : outputPorts(node, face).findIndex((port) => port.name === wire.output);
  return { x: into ? at.x : at.x - width, y: at.y - portY(row) };
}

/** The port of a new node that is joined so most often; else the first that the wire in hand fits, equal types before those that only may work. */
function firstFit(node: GraphNode, face: Interface | undefined, from: PortEnd): Edge | null {
  const { document } = docStore.getState();
  const { catalog } = app();
  const after = { ...document, nodes: { ...document.nodes, [node.id]: node } };
  const wires =
    from.side === "out"
      ? inputPorts(node, face).map((port) => wireFrom(from.node, from.port, node.id, port.name))
      : outputPorts(node, face).map((port) => wireFrom(node.id, port.name, from.node, from.port));
  const judged = wires.map((wire) => ({ wire, verdict: judge(after, catalog, wire).verdict }));
  const usual = face && usage(face, from, typeOf(from)).port;
  const joined = judged.find(
    ({ wire, verdict }) =>
      verdict !== "no" && usual && (from.side === "out" ? wire.input : wire.output) === usual,
  );
  if (joined) return joined.wire;
  return (
    (judged.find(({ verdict }) => verdict === "yes") ?? judged.find(({ verdict }) => verdict === "warn"))
      ?.wire ?? null
  );
}

/** Whether a component has a port for the wire in hand. */
export function fits(face: Interface, from: PortEnd, type: string): "yes" | "warn" | "no" {
  const { types } = app().catalog;
  const verdicts =
    from.side === "out"
      ? face.inputs.map((port) => types[type]?.[port.type]?.[0] ?? "no")
      : face.outputs.map((port) => types[port.type]?.[type]?.[0] ?? "no");
  return verdicts.includes("yes") ? "yes" : verdicts.includes("warn") ? "warn" : "no";
}
