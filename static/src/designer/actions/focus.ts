/** Bringing things into view and under the keyboard. */

import type { ReactFlowInstance } from "@xyflow/react";

import type { Problem } from "../../graph/types.ts";
import type { CardNode, WireEdge } from "../canvas/flow.ts";
import { reveal } from "../groups/expand.ts";
import { currentView } from "../groups/view.ts";
import { watchIteration } from "../runs/watch.ts";
import { select, setUi, uiStore } from "../state/ui.ts";

let flow: ReactFlowInstance<CardNode, WireEdge> | null = null;
let pane: HTMLElement | null = null;

export function setFlow(instance: ReactFlowInstance<CardNode, WireEdge> | null): void {
  flow = instance;
}

export function setPane(element: HTMLElement | null): void {
  pane = element;
}

export const canvasFlow = (): ReactFlowInstance<CardNode, WireEdge> | null => flow;
export const canvasPane = (): HTMLElement | null => pane;

/** Nothing travels for those who asked for less motion. */
export const travel = (): number => (matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 240);

/** The place in the document that is drawn at a point of the window: open groups push apart what lies around them. */
export function placeAt(screen: { x: number; y: number }): { x: number; y: number } | null {
  return flow && currentView().back(flow.screenToFlowPosition(screen));
}

/** The middle of what is seen, in the document. */
export function middle(): { x: number; y: number } {
  const box = pane?.getBoundingClientRect();
  return (box && placeAt({ x: box.left + box.width / 2, y: box.top + box.height / 2 })) ?? { x: 0, y: 0 };
}

/** Bring a place of the document into the middle. */
export function lookAt(place: { readonly x: number; readonly y: number }, zoom: number): void {
  const { x, y } = currentView().place(place);
  void flow?.setCenter(x, y, { zoom, duration: travel() });
}

/** Room to pull the next wire into, in px. */
export const NEXT = 240;

/** Move the view so that the node, and `room` right of it, is seen, only if it is not; `centre` always. */
export function showNode(id: string, centre = false, room = 0): void {
  const box = currentView().box(id);
  if (!flow || !pane || !box) return;
  const zoom = Math.max(flow.getZoom(), centre ? 0.7 : 0);
  const { left, top, width, height } = pane.getBoundingClientRect();
  const start = flow.flowToScreenPosition({ x: box.x, y: box.y });
  const end = flow.flowToScreenPosition({ x: box.x + box.width, y: box.y + box.height });
  const seen =
    start.x > left + 16 &&
    start.y > top + 16 &&
    end.x < left + width - 16 - room &&
    end.y < top + height - 16;
  if (seen && !centre) return;
  void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, { zoom, duration: travel() });
}

/** Put the keyboard on a node, mounting it first if it is out of view. */
export function focusNode(id: string): void {
  setUi({ current: id });
  showNode(id);
  let tries = 0;
  const attempt = () => {
    const element = pane?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
    if (element) element.focus({ preventScroll: true });
    else if (tries++ < 30) requestAnimationFrame(attempt);
  };
  attempt();
}

/** Bring all of a large thing into view, zooming out as far as it takes and no further. */
export function showWhole(id: string): void {
  const box = currentView().box(id);
  if (!flow || !pane || !box) return;
  const room = pane.getBoundingClientRect();
  const { x, y, zoom } = flow.getViewport();
  const [left, top] = [box.x * zoom + x, box.y * zoom + y];
  const [right, bottom] = [left + box.width * zoom, top + box.height * zoom];
  if (left > MARGIN && top > MARGIN && right < room.width - MARGIN && bottom < room.height - FOOT) return;
  const fitting = Math.min(
    (room.width - 2 * MARGIN) / box.width,
    (room.height - 2 * MARGIN - FOOT) / box.height,
  );
  void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, {
    zoom: Math.max(0.08, Math.min(zoom, fitting)),
    duration: travel(),
  });
}

export function flyTo(id: string): void {
  select([id]);
  showNode(id, true);
}

/** Go to a node at any depth, as a step's id names it: `group.child`, `loop[3].child`. */
export async function flyToStep(step: string): Promise<void> {
  const [, outer = step, iteration] = /^([^[]*)(?:\[(\d+)\])?/.exec(step) ?? [];
  await reveal(outer);
  if (!currentView().box(outer)) return;
  flyTo(outer);
  if (iteration === undefined) return;
  setUi({ inspector: true, tab: "run" });
  await watchIteration(outer, Number(iteration)).catch(() => undefined);
}

const MARGIN = 32;
/** What floats over the foot of the canvas. */
const FOOT = 40;

/** Show all of it, or some; from the document, since far nodes are not mounted. */
export function fit(some?: readonly string[]): void {
  const view = currentView();
  const boxes = (some ?? view.ids()).flatMap((id) => view.box(id) ?? []);
  if (!flow || !pane || boxes.length === 0) return;
  const left = Math.min(...boxes.map((box) => box.x));
  const top = Math.min(...boxes.map((box) => box.y));
  const width = Math.max(...boxes.map((box) => box.x + box.width)) - left;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) - top;
  const room = pane.getBoundingClientRect();
  const wanted = Math.min((room.width - 2 * MARGIN) / width, (room.height - 2 * MARGIN - FOOT) / height);
  const zoom = Math.min(1, Math.max(0.08, wanted));
  const x = room.width / 2 - (left + width / 2) * zoom;
  const y = (room.height - FOOT) / 2 - (top + height / 2) * zoom;
  void flow.setViewport({ x, y, zoom }, { duration: travel() });
}

/** Go to what a problem is about, and to its field. */
export function showProblem(problem: Problem): void {
  if (problem.node) flyTo(problem.node);
  else select([]);
  setUi({
    inspector: true,
    tab: "parameters",
    field: problem.field
      ? { node: problem.node, name: problem.field, serial: (uiStore.getState().field?.serial ?? 0) + 1 }
      : null,
  });
}

/** Open the inspector at a failed step's log. */
export function showLog(id: string): void {
  select([id]);
  setUi({ inspector: true, tab: "run", logOf: id });
}
