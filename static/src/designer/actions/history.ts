/** Undo and redo: each person's own edits, also after others'. */

import { app } from "../app.ts";
import { docStore } from "../state/doc.ts";
import { announce } from "../state/ui.ts";

export function undo(): void {
  if (!docStore.getState().editable) return;
  const done = app().session?.undo();
  if (done) announce(`Undid: ${done}.`);
}

export function redo(): void {
  if (!docStore.getState().editable) return;
  const done = app().session?.redo();
  if (done) announce(`Redid: ${done}.`);
}
