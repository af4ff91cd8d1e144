/** Showing the YAML beside the canvas. */

import { app } from "../app.ts";
import { setUi, uiStore } from "../state/ui.ts";

/** Narrower windows have no room for the components besides. */
const ROOM_FOR_ALL = 1600;

let asked = false;

/** Whether somebody just asked for the YAML, and so wants to type there; true once. */
export function wasAsked(): boolean {
  const was = asked;
  asked = false;
  return was;
}

export function openYaml(): void {
  if (app().boot.mode !== "edit") return;
  asked = true;
  setUi({ yaml: true, ...(innerWidth < ROOM_FOR_ALL ? { palette: false } : {}) });
}

export function toggleYaml(): void {
  if (uiStore.getState().yaml) setUi({ yaml: false });
  else openYaml();
}
