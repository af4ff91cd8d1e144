/** Keys anywhere on the page, except while typing. */

import { canvasIds } from "../../graph/order.ts";
import { duplicate, onCopy, onCut, pasteText } from "../actions/clipboard.ts";
import { removeSelected } from "../actions/edit.ts";
import { canvasFlow, canvasPane, fit, travel } from "../actions/focus.ts";
import { askToRun } from "../actions/run.ts";
import { app } from "../app.ts";
import { docStore } from "../state/doc.ts";
import { toggleYaml } from "../yaml/open.ts";
import { announce, select, setUi, uiStore } from "../state/ui.ts";

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches("input, textarea, select, [contenteditable], .code-field, .code-field *, .yaml-editor"));

const onCanvas = (target: EventTarget | null): boolean =>
  target === document.body || (target instanceof Node && (canvasPane()?.contains(target) ?? false));

let keepOuter = false;

export function undo(): void {
  const done = app().session?.undo();
  if (done) announce(`Undid: ${done}.`);
}

export function redo(): void {
  const done = app().session?.redo();
  if (done) announce(`Redid: ${done}.`);
}

export function openQuickAdd(): void {
  if (!docStore.getState().editable) return;
  const box = canvasPane()?.getBoundingClientRect();
  const screen = box
    ? { x: box.left + box.width / 2 - 180, y: box.top + 72 }
    : { x: innerWidth / 2 - 180, y: 120 };
  setUi({ quickAdd: { screen, at: null, from: null } });
}

function onKeyDown(event: KeyboardEvent): void {
  const command = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (command && key === "enter") {
    event.preventDefault();
    return askToRun();
  }
  if (command && key === "k") {
    event.preventDefault();
    return openQuickAdd();
  }
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const does = command ? commandKey(event, key) : plainKey(event, key);
  if (!does) return;
  event.preventDefault();
  does();
}

function commandKey(event: KeyboardEvent, key: string): (() => void) | null {
  keepOuter = event.shiftKey;
  if (key === "z") return event.shiftKey ? redo : undo;
  if (key === "y") return redo;
  if (key === "d") return duplicate;
  if (key === "a" && onCanvas(event.target)) return () => select(canvasIds(docStore.getState().document));
  if ((key === "delete" || key === "backspace") && onCanvas(event.target)) return () => removeSelected(true);
  return null;
}

function plainKey(event: KeyboardEvent, key: string): (() => void) | null {
  if (event.altKey) return null;
  if (key === "/") return openQuickAdd;
  if (key === "?") return () => setUi({ dialog: "keys" });
  if (key === "escape") return escape;
  if (!onCanvas(event.target)) return null;
  if (key === "delete" || key === "backspace") return () => removeSelected();
  if (key === "f") return fit;
  if (key === "y") return toggleYaml;
  if (key === "1") return () => void canvasFlow()?.zoomTo(1, { duration: travel() });
  return null;
}

function escape(): void {
  const ui = uiStore.getState();
  if (ui.quickAdd || ui.connecting || ui.ordering)
    setUi({ quickAdd: null, connecting: null, ordering: null });
  else if (ui.selection.size > 0 || ui.edges.size > 0) select([]);
}

const free = (event: ClipboardEvent): boolean =>
  !typing(event.target) && onCanvas(event.target) && (getSelection()?.isCollapsed ?? true);

/** Listen from here on; gives the way to stop. */
export function listen(): () => void {
  const copy = (event: ClipboardEvent) => free(event) && onCopy(event);
  const cut = (event: ClipboardEvent) => free(event) && docStore.getState().editable && onCut(event);
  const paste = (event: ClipboardEvent) => {
    if (!free(event) || !docStore.getState().editable) return;
    if (pasteText(event.clipboardData?.getData("text/plain") ?? "", { keepOuter })) event.preventDefault();
  };
  window.addEventListener("keydown", onKeyDown);
  document.addEventListener("copy", copy);
  document.addEventListener("cut", cut);
  document.addEventListener("paste", paste);
  return () => {
    window.removeEventListener("keydown", onKeyDown);
    document.removeEventListener("copy", copy);
    document.removeEventListener("cut", cut);
    document.removeEventListener("paste", paste);
  };
}
