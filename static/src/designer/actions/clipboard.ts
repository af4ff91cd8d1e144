/** Copy, cut, paste and duplicate, as text, so that a fragment goes from tab to tab and into a mail. */

import { cut, fromText, paste, toText } from "../../graph/fragment.ts";
import type { Fragment } from "../../graph/fragment.ts";
import { Refusal } from "../../graph/refusal.ts";
import { plural } from "../../lib/format.ts";
import { app, edit } from "../app.ts";
import { docStore } from "../state/doc.ts";
import { announce, notify, select, uiStore } from "../state/ui.ts";
import { removeSelected } from "./edit.ts";

let pastes = 0;
let lastText = "";

const sizeOf = ({ nodes, notes = [] }: Fragment): number => nodes.length + notes.length;
const isEmpty = (fragment: Fragment): boolean => sizeOf(fragment) === 0;

/** The selection as text, or null when nothing is selected. */
export function copied(): string | null {
  const { document } = docStore.getState();
  const fragment = cut(document, uiStore.getState().selection);
  if (isEmpty(fragment)) return null;
  announce(`Copied ${plural(sizeOf(fragment), "node")}.`);
  pastes = 0;
  return toText(fragment);
}

export function onCopy(event: ClipboardEvent): void {
  const text = copied();
  if (text === null) return;
  event.clipboardData?.setData("text/plain", text);
  event.preventDefault();
}

export function onCut(event: ClipboardEvent): void {
  onCopy(event);
  if (event.defaultPrevented) removeSelected();
}

export function pasteText(
  text: string,
  options: { at?: { x: number; y: number }; keepOuter?: boolean } = {},
): boolean {
  const fragment = fromText(text);
  if (!fragment || isEmpty(fragment)) return false;
  pastes = text === lastText ? pastes + 1 : 1;
  lastText = text;
  const unknown = fragment.nodes.find(
    (node) => node.kind === "component" && !app().catalog.components.has(node.component),
  );
  if (unknown?.kind === "component") {
    notify(`There is no component ${unknown.component} in this workspace, so the fragment cannot be pasted.`);
    return true;
  }
  try {
    const { ops, ids } = paste(docStore.getState().document, app().catalog, fragment, {
      ...options,
      offset: 32 * pastes,
    });
    if (edit(ops, `Paste ${plural(ids.length, "node")}`)) {
      select(ids);
      announce(`Pasted ${plural(ids.length, "node")}.`);
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    notify(error.message);
  }
  return true;
}

/** The same as the browser's own copying, for menus and the command palette. */
export async function copyToClipboard(): Promise<boolean> {
  const text = copied();
  if (text === null) return false;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    notify("The browser did not allow copying: press Ctrl C on the canvas.");
    return false;
  }
}

export async function pasteFromClipboard(keepOuter: boolean): Promise<void> {
  try {
    const text = await navigator.clipboard.readText();
    if (!pasteText(text, { keepOuter })) notify("What was copied is not part of a pipeline.");
  } catch {
    notify(`The browser did not allow reading what was copied: press Ctrl ${keepOuter ? "Shift " : ""}V.`);
  }
}

/** The selection once more, beside itself, fed by the same outputs. */
export function duplicate(): void {
  const { document } = docStore.getState();
  const fragment = cut(document, uiStore.getState().selection);
  if (isEmpty(fragment)) return;
  const { ops, ids } = paste(document, app().catalog, fragment, { offset: 32, keepOuter: true });
  if (edit(ops, `Duplicate ${plural(ids.length, "node")}`)) {
    select(ids);
    announce(`Duplicated ${plural(ids.length, "node")}.`);
  }
}
