/** Putting a node into a wire: what comes after it makes room. */

import { reach } from "../../graph/adjacency.ts";
import { snap } from "../../graph/geometry.ts";
import { wiresInto } from "../../graph/insertion.ts";
import { boxOf } from "../../graph/placement.ts";
import type { Document, Edge, GraphNode, Op } from "../../graph/types.ts";
import { sourceId } from "../../graph/types.ts";
import { app, edit } from "../app.ts";
import { docStore } from "../state/doc.ts";
import { announce } from "../state/ui.ts";

const GAP = 48;

/** A move that puts a node between the ends of a wire, or leaves it where it was dropped, and pushes away what lies after it. */
export function makeRoom(
  document: Document,
  node: GraphNode,
  size: { width: number },
  into: Edge,
  dropped: { x: number; y: number } | null = null,
): Op[] {
  const { catalog } = app();
  const from = boxOf(document, sourceId(into), catalog);
  const to = boxOf(document, into.target, catalog);
  if (!from || !to) return [];
  const x = snap(dropped ? Math.max(dropped.x, from.x + from.width + GAP) : from.x + from.width + GAP);
  const y = snap(dropped ? dropped.y : (from.y + to.y) / 2);
  const shift = snap(Math.max(0, x + size.width + GAP - to.x));
  const positions: Record<string, [number, number]> = { [node.id]: [x, y] };
  if (shift > 0) {
    for (const id of reach(document, into.target)) {
      const below = document.nodes[id];
      if (below && id !== node.id) positions[id] = [below.x + shift, below.y];
    }
  }
  return [{ op: "move", positions }];
}

/** Whether a node that is there could be put into a wire: it must not be one of its ends already. */
export function mayInsert(document: Document, edge: Edge, id: string): boolean {
  const node = document.nodes[id];
  if (!node || edge.source === id || edge.target === id) return false;
  return wiresInto(document, app().catalog, edge, node) !== null;
}

/** Put a node into a wire, there where it was dropped if it was; one undo step. */
export function insertNode(edge: Edge, id: string, dropped: { x: number; y: number } | null = null): boolean {
  const { document } = docStore.getState();
  const node = document.nodes[id];
  const wires = node && wiresInto(document, app().catalog, edge, node);
  const box = boxOf(document, id, app().catalog);
  if (!wires || !box) return false;
  const ops: Op[] = [
    ...makeRoom(document, node, box, edge, dropped),
    { op: "disconnect", target: edge.target, input: edge.input },
    ...wires.map((wire): Op => ({ op: "connect", ...wire })),
  ];
  if (!edit(ops, `Insert ${node.title}`)) return false;
  announce(`Put ${node.title} into the wire.`);
  return true;
}
