/** Opening the lists and menus that float over the canvas. */

import { openNodeMenu } from "../menu/nodeMenu.ts";
import { overCanvas } from "../picklist/PickList.tsx";
import { docStore } from "../state/doc.ts";
import { setUi } from "../state/ui.ts";
import { canvasPane, placeAt } from "./focus.ts";

let pointer: { x: number; y: number } | null = null;

/** Where the pointer was last seen over the canvas; null once it has left. */
export const notePointer = (at: { x: number; y: number } | null): void => void (pointer = at);

/** Where the pointer is, if it is over empty canvas. */
export function pointerPlace(): { x: number; y: number } | null {
  const under = pointer && document.elementFromPoint(pointer.x, pointer.y);
  return under?.classList.contains("react-flow__pane") ? pointer : null;
}

/** Quick-add at the pointer if it is over empty canvas, else in the middle, where the node places itself. */
export function openQuickAdd(): void {
  if (!docStore.getState().editable) return;
  const pointer = pointerPlace();
  if (pointer) setUi({ quickAdd: { screen: pointer, at: placeAt(pointer), from: null, link: true } });
  else setUi({ quickAdd: { screen: overCanvas(), at: null, from: null } });
}

/** Open the list of what a node's outputs may feed. */
export function startConnecting(id: string): void {
  setUi({ connecting: { node: id, port: "", side: "out" } });
}

export function openNodeActions(id: string): void {
  const card = canvasPane()?.querySelector(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
  const box = card?.getBoundingClientRect();
  openNodeMenu(id, { x: (box?.left ?? 300) + 16, y: (box?.top ?? 120) + 32 });
}
