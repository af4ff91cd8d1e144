/** Lining the selection up: one move, one undo step. */

import type { Alignment } from "../../graph/arrange.ts";
import { arranged } from "../../graph/arrange.ts";
import { boxOf } from "../../graph/placement.ts";
import { app } from "../app.ts";
import { docStore } from "../state/doc.ts";
import { announce, uiStore } from "../state/ui.ts";
import { moveTo } from "./edit.ts";

const DONE: Readonly<Record<Alignment, string>> = {
  left: "Align left",
  centre: "Align centres",
  right: "Align right",
  top: "Align top",
  middle: "Align middles",
  bottom: "Align bottom",
  columns: "Distribute across",
  rows: "Distribute down",
};

export function arrange(how: Alignment): void {
  const { document } = docStore.getState();
  const boxes = [...uiStore.getState().selection].flatMap((id) => {
    const box = boxOf(document, id, app().catalog);
    return box ? [{ id, ...box }] : [];
  });
  const places = arranged(boxes, how);
  const moved = Object.entries(places).filter(([id, [x, y]]) => {
    const before = boxes.find((box) => box.id === id)!;
    return before.x !== x || before.y !== y;
  });
  if (moved.length === 0) return announce("They already are so.");
  if (moveTo(Object.fromEntries(moved), DONE[how])) announce(`${DONE[how]}: done.`);
}
