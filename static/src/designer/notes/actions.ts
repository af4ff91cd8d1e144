/** Making and changing notes. */

import { snap } from "../../graph/geometry.ts";
import { uuid } from "../../graph/ids.ts";
import type { Color, Note, Op } from "../../graph/types.ts";
import { noteIdOf, noteNodeId } from "../../graph/types.ts";
import { edit } from "../app.ts";
import { middle } from "../actions/focus.ts";
import { docStore } from "../state/doc.ts";
import { announce, select, setUi } from "../state/ui.ts";

export const SMALLEST = { width: 120, height: 64 };
const LARGEST = 2000;

/** An id that nobody else mints at the same time. */
export const freshId = (word: string): string => `${word}_${uuid().replaceAll("-", "").slice(0, 10)}`;

/** A new note, ready to be written: at a place, or in the middle of what is seen. */
export function addNote(at: { x: number; y: number } | null = null): void {
  const place = at ?? { x: middle().x - 120, y: middle().y - 80 };
  const note: Note = {
    id: freshId("note"),
    text: "",
    x: snap(place.x),
    y: snap(place.y),
    width: 240,
    height: 160,
    color: "yellow",
  };
  if (!edit([{ op: "add_note", note }], "Add a note")) return;
  const id = noteNodeId(note.id);
  select([id]);
  setUi({ renaming: id });
  announce("Added a note. Write it in Markdown; Escape ends.");
}

export const noteAt = (id: string): Note | undefined =>
  docStore.getState().document.notes?.[noteIdOf(id) ?? ""];

const change = (
  id: string,
  changes: Extract<Op, { op: "update_note" }>["changes"],
  label: string,
  merge?: string,
) => edit([{ op: "update_note", id: noteIdOf(id)!, changes }], label, merge ?? null);

export function setText(id: string, text: string): void {
  if (noteAt(id) && noteAt(id)!.text !== text) change(id, { text }, "Write a note");
}

export const colorNote = (id: string, color: Color): boolean => change(id, { color }, "Colour of a note");

export function resizeNote(id: string, width: number, height: number, merge?: string): void {
  const note = noteAt(id);
  if (!note) return;
  const size = {
    width: Math.min(LARGEST, Math.max(SMALLEST.width, snap(width))),
    height: Math.min(LARGEST, Math.max(SMALLEST.height, snap(height))),
  };
  if (size.width === note.width && size.height === note.height) return;
  if (change(id, size, "Resize a note", merge)) announce(`${size.width} by ${size.height}.`);
}

/** Larger or smaller by so much; steps in quick succession are one undo step. */
export function growNote(id: string, dx: number, dy: number): void {
  const note = noteAt(id);
  if (note) resizeNote(id, note.width + dx, note.height + dy, `resize ${id}`);
}
