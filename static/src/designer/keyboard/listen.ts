/** Keys and the clipboard, from wherever the keyboard is to the command that they stand for. */

import { onCopy, onCut, pasteText } from "../actions/clipboard.ts";
import { canvasPane } from "../actions/focus.ts";
import { comboOf, writes } from "../commands/keys.ts";
import { commandsFor, isPossible } from "../commands/registry.ts";
import type { Command } from "../commands/types.ts";
import { docStore } from "../state/doc.ts";
import { onlySelected, uiStore } from "../state/ui.ts";

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches("input, textarea, select, [contenteditable], .code-field, .code-field *, .yaml-editor"));

/** Whether the keyboard is nowhere in particular, as after a click on the canvas: on what lies around it. */
const isNowhere = (target: EventTarget | null): boolean =>
  target === document.body || (target instanceof Node && target.contains(canvasPane()));

const onCanvas = (target: EventTarget | null): boolean =>
  isNowhere(target) || (target instanceof Node && (canvasPane()?.contains(target) ?? false));

const focusedNode = (target: EventTarget | null): string | null =>
  target instanceof HTMLElement && target.classList.contains("react-flow__node")
    ? (target.dataset.id ?? null)
    : null;

/** The clipboard's own keys come as events of their own. */
const CLIPBOARD = new Set(["edit.copy", "edit.cut", "edit.paste", "edit.paste-wired"]);

let keepOuter = false;

function onKeyDown(event: KeyboardEvent): void {
  keepOuter = event.shiftKey;
  const combo = comboOf(event);
  if (combo === null || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  const writing = typing(event.target);
  const focused = focusedNode(event.target);
  // What was clicked is selected, even where a click does not move the keyboard.
  const node = focused ?? (isNowhere(event.target) ? onlySelected(uiStore.getState()) : null);
  const applies = (command: Command): boolean => {
    if (CLIPBOARD.has(command.id)) return false;
    if (writing) return command.scope === "always" && !writes(combo);
    if (command.scope === "node") return node !== null;
    return command.scope !== "canvas" || onCanvas(event.target);
  };
  const found = commandsFor(combo).find((command) => applies(command) && isPossible(command, node));
  if (!found) return;
  event.preventDefault();
  found.do(node);
}

/** The clipboard's events aim at where text is selected; what counts is where the keyboard is. */
function free(): boolean {
  const at = document.activeElement ?? document.body;
  return !typing(at) && onCanvas(at) && (getSelection()?.isCollapsed ?? true);
}

/** Listen from here on; gives the way to stop. */
export function listen(): () => void {
  const copy = (event: ClipboardEvent) => free() && onCopy(event);
  const cut = (event: ClipboardEvent) => free() && docStore.getState().editable && onCut(event);
  const paste = (event: ClipboardEvent) => {
    if (!free() || !docStore.getState().editable) return;
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
