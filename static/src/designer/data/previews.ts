/** The previews that are open on the canvas. */

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

import { interfaceOf, outputPorts } from "../../graph/ports.ts";
import { edgeKey } from "../../graph/types.ts";
import { app } from "../app.ts";
import { canvasFlow, focusNode } from "../actions/focus.ts";
import { currentView } from "../groups/view.ts";
import { docStore } from "../state/doc.ts";
import { resultStore } from "../state/results.ts";
import type { PortEnd } from "../state/ui.ts";
import { announce } from "../state/ui.ts";

export interface OpenPreview {
  readonly node: string;
  readonly output: string;
  /** The node beside which it was asked for. */
  readonly beside: string;
  /** How far it was dragged from there, in px of the window. */
  readonly moved: { readonly x: number; readonly y: number };
  /** Grows when it is asked for again, so that it is brought to the front and gets the focus. */
  readonly serial: number;
}

interface PreviewState {
  readonly open: readonly OpenPreview[];
}

export const previewStore = createStore<PreviewState>(() => ({ open: [] }));
export const usePreviews = () => useStore(previewStore, (state) => state.open);

const same = (a: { node: string; output: string }, b: { node: string; output: string }) =>
  a.node === b.node && a.output === b.output;
let serial = 0;

/** So large a preview opens, in px of the window; `BESIDE` is how far from its node. */
export const SIZE = { width: 480, height: 320 };
export const BESIDE = 28;

/** How far from the right of its node a preview has to be moved to be in sight: not at all, below it, or as it fits. */
function roomBeside(node: string): { x: number; y: number } {
  const flow = canvasFlow();
  const box = currentView().box(node);
  const pane = document.querySelector(".canvas")?.getBoundingClientRect();
  if (!flow || !box || !pane) return { x: 0, y: 0 };
  const { x, y } = flow.flowToScreenPosition({ x: box.x + box.width, y: box.y });
  const from = flow.flowToScreenPosition({ x: box.x, y: box.y + box.height });
  const left = x + BESIDE;
  if (left + SIZE.width <= pane.right - 8 && y + SIZE.height <= pane.bottom - 8) return { x: 0, y: 0 };
  const fits = (at: number, size: number, low: number, high: number) =>
    Math.max(low + 8, Math.min(at, high - size - 8));
  const right = left + SIZE.width <= pane.right - 8;
  const below = from.y + 16 + SIZE.height <= pane.bottom - 8;
  return {
    x: fits(right ? left : from.x, SIZE.width, pane.left, pane.right) - left,
    y: fits(right ? y : below ? from.y + 16 : y - SIZE.height - 16, SIZE.height, pane.top, pane.bottom) - y,
  };
}

/** Show the last result of a port: of an input, that of the output that feeds it. */
export function openPreview(end: PortEnd): void {
  const edge = end.side === "in" ? docStore.getState().document.edges[edgeKey(end.node, end.port)] : null;
  const source =
    end.side === "out"
      ? { node: end.node, output: end.port }
      : edge && { node: edge.source, output: edge.output };
  if (!source) return;
  const { open } = previewStore.getState();
  const moved = open.find((each) => same(each, source))?.moved ?? roomBeside(end.node);
  const rest = open.filter((each) => !same(each, source));
  previewStore.setState({ open: [...rest, { ...source, beside: end.node, moved, serial: ++serial }] });
}

/** Show the first output of a node that has a result, or close it again. */
export function toggleNodePreview(node: string): void {
  const { document } = docStore.getState();
  const found = document.nodes[node];
  const open = previewStore.getState().open.filter((each) => each.node === node);
  if (open.length > 0) return open.forEach(closePreview);
  const results = resultStore.getState().results[node] ?? {};
  const port =
    found && outputPorts(found, interfaceOf(found, app().catalog)).find(({ name }) => name in results);
  if (port) openPreview({ node, port: port.name, side: "out" });
  else announce("This step has no result yet: run it first.");
}

export const hasResult = (node: string): boolean => node in resultStore.getState().results;

export function movePreview(preview: OpenPreview, moved: OpenPreview["moved"]): void {
  const open = previewStore.getState().open.map((each) => (same(each, preview) ? { ...each, moved } : each));
  previewStore.setState({ open });
}

export function closePreview(preview: OpenPreview): void {
  previewStore.setState({ open: previewStore.getState().open.filter((each) => !same(each, preview)) });
}

/** Close the one that was opened last, and go back to its node. True where there was one. */
export function closeNewestPreview(): boolean {
  const newest = previewStore.getState().open.at(-1);
  if (!newest) return false;
  closePreview(newest);
  focusNode(newest.beside);
  return true;
}
