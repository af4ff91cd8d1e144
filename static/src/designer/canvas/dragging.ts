/** Dragging nodes: drawn to guides, put into a wire they are dropped on, one move when it ends. */

import type { NodeChange } from "@xyflow/react";

import { wiresIn, wiresOut } from "../../graph/adjacency.ts";
import { memberOf } from "../../graph/annotating.ts";
import { aligned } from "../../graph/guides.ts";
import type { Box } from "../../graph/placement.ts";
import { canvasFlow, canvasPane } from "../actions/focus.ts";
import { insertNode, mayInsert } from "../actions/insert.ts";
import { currentView } from "../groups/view.ts";
import { dragged, dropAll } from "../sections/dragging.ts";
import { docStore } from "../state/doc.ts";
import { setUi, uiStore } from "../state/ui.ts";
import { viewStore } from "../state/view.ts";
import type { CardNode } from "./flow.ts";

type Places = ReadonlyMap<string, { readonly x: number; readonly y: number }>;

/** In px of the screen. */
const REACH = 6;
/** More than these are dragged without guides: the eye could not follow them. */
const MOST = 30;

/** What stays in place and is seen, found once when a drag begins. */
let others: Box[] | null = null;
/** Whether the node in hand may go into wires: it is alone and has none of its own. */
let loose: string | null = null;

function begin(ids: ReadonlySet<string>): void {
  const flow = canvasFlow();
  const room = canvasPane()?.getBoundingClientRect();
  others = [];
  if (!flow || !room) return;
  const { document } = docStore.getState();
  const [only] = ids;
  const free =
    ids.size === 1 &&
    only !== undefined &&
    only in document.nodes &&
    [...wiresIn(document.edges, only), ...wiresOut(document.edges, only)].length === 0;
  loose = free ? only : null;
  if (!viewStore.getState().guides || ids.size > MOST) return;
  const { x, y, zoom } = flow.getViewport();
  const view = currentView();
  for (const id of view.ids()) {
    const box = ids.has(id) ? null : view.box(id);
    if (!box) continue;
    const left = box.x * zoom + x;
    const top = box.y * zoom + y;
    const seen =
      left < room.width && top < room.height && left + box.width * zoom > 0 && top + box.height * zoom > 0;
    if (seen) others.push(box);
  }
}

function around(places: Places): Box | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [id, { x, y }] of places) {
    const box = currentView().box(id);
    if (!box) continue;
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x + box.width), Math.max(bottom, y + box.height)];
  }
  return left === Infinity ? null : { x: left, y: top, width: right - left, height: bottom - top };
}

/** React Flow proposes places; what is shown is drawn to the guides near them. */
export function dragBy(changes: readonly NodeChange<CardNode>[]): void {
  const { drag } = uiStore.getState();
  let moved: Map<string, { x: number; y: number }> | null = null;
  for (const change of changes) {
    if (change.type !== "position" || !change.position || !change.dragging) continue;
    moved ??= new Map(drag);
    for (const [id, at] of dragged(change.id, change.position)) moved.set(id, at);
  }
  if (!moved) return;
  if (!drag || !others) begin(new Set(moved.keys()));
  const box = others && others.length > 0 ? around(moved) : null;
  const flow = canvasFlow();
  if (!box || !flow) return setUi({ drag: moved, guides: null });
  const found = aligned(box, others!, REACH / flow.getZoom());
  if (found.dx !== 0 || found.dy !== 0)
    for (const [id, { x, y }] of moved) moved.set(id, { x: x + found.dx, y: y + found.dy });
  setUi({ drag: moved, guides: found.guides.length > 0 ? found.guides : null });
}

/** The wire at a point, also where its own button lies over it. */
export function edgeUnder({ x, y }: { x: number; y: number }): string | null {
  const edge = document.elementsFromPoint(x, y).find((element) => element.closest(".react-flow__edge"));
  return edge?.closest(".react-flow__edge")?.getAttribute("data-id") ?? null;
}

/** Show the wire that the node in hand would be put into; Alt keeps it out. */
export function seekWire(event: MouseEvent | TouchEvent): void {
  if (loose === null || !uiStore.getState().drag) return;
  const at = "changedTouches" in event ? event.changedTouches[0] : event;
  const { document } = docStore.getState();
  const key = at && !event.altKey ? edgeUnder({ x: at.clientX, y: at.clientY }) : null;
  const edge = key === null ? undefined : document.edges[key];
  const into = edge && mayInsert(document, edge, loose) ? key : null;
  if (uiStore.getState().intoEdge !== into) setUi({ intoEdge: into });
}

/** A drag is one batch, when it ends. */
export function commitDrag(): void {
  const { drag, intoEdge } = uiStore.getState();
  const alone = loose;
  others = null;
  loose = null;
  setUi({ drag: null, guides: null, intoEdge: null });
  if (!drag || drag.size === 0) return;
  const { document } = docStore.getState();
  const positions: Record<string, [number, number]> = {};
  for (const [id, drawn] of drag) {
    const at = currentView().back(drawn);
    const place: [number, number] = [Math.round(at.x), Math.round(at.y)];
    const before = memberOf(document, id) as { x?: number; y?: number } | undefined;
    if (before && (before.x !== place[0] || before.y !== place[1])) positions[id] = place;
  }
  const edge = intoEdge === null ? undefined : document.edges[intoEdge];
  const dropped = alone === null ? undefined : positions[alone];
  if (edge && alone !== null && dropped && insertNode(edge, alone, { x: dropped[0], y: dropped[1] })) return;
  if (Object.keys(positions).length > 0) dropAll(positions, drag);
}
