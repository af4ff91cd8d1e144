/** Telling the others where we point and what we have selected, at most ten times a second. */

import type { PointerEvent } from "react";

import { canvasFlow } from "../actions/focus.ts";
import { app } from "../app.ts";
import { currentView } from "../groups/view.ts";
import { presenceStore } from "../state/presence.ts";
import { uiStore } from "../state/ui.ts";

const EVERY = 100;
let cursor: [number, number] | null = null;
let field: string | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

function send(): void {
  timer = undefined;
  app().session?.presence(cursor, [...uiStore.getState().selection], field);
}

function soon(): void {
  if (Object.keys(presenceStore.getState().peers).length > 0) timer ??= setTimeout(send, EVERY);
}

export function sendCursor(event: PointerEvent): void {
  const at = canvasFlow()?.screenToFlowPosition(
    { x: event.clientX, y: event.clientY },
    { snapToGrid: false },
  );
  if (!at) return;
  // In the document: which groups are open differs from viewer to viewer.
  const place = currentView().back(at);
  cursor = [Math.round(place.x), Math.round(place.y)];
  soon();
}

export function sendField(name: string | null): void {
  field = name;
  soon();
}

/** Follow the selection from here on. */
export function followSelection(): void {
  uiStore.subscribe((now, before) => {
    if (now.selection !== before.selection) soon();
  });
  presenceStore.subscribe((now, before) => {
    if (Object.keys(now.peers).length !== Object.keys(before.peers).length) soon();
  });
}
