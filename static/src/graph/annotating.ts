/** What operations do to notes and sections. */

import type { Draft } from "./draft.ts";
import { checkKeys } from "./pieces.ts";
import { Refusal } from "./refusal.ts";
import type { Document, Note, Op, Section } from "./types.ts";
import { COLORS, inputNameOf, inputNodeId, noteIdOf, noteNodeId } from "./types.ts";
import { NODE_ID, wholeNote, wholeSection } from "./whole.ts";

export function addNote(draft: Draft, given: Note): Op[] {
  if (draft.document.notes?.[given.id])
    throw new Refusal("duplicate_id", `There is a note \`${given.id}\` already.`);
  const note = wholeNote(given);
  check(note);
  draft.setNote(note.id, inSection(draft, note));
  return [{ op: "remove_note", id: note.id }];
}

export function removeNote(draft: Draft, id: string): Op[] {
  const note = noteOf(draft, id);
  draft.setNote(id, null);
  return [{ op: "add_note", note }];
}

export function updateNote(draft: Draft, id: string, changes: Partial<Note>): Op[] {
  const note = noteOf(draft, id);
  checkKeys(changes, ["text", "x", "y", "width", "height", "color"]);
  const after = { ...note, ...changes };
  check(after);
  draft.setNote(id, after);
  return [{ op: "update_note", id, changes: before(note, changes) }];
}

function noteOf(draft: Draft, id: string): Note {
  const note = draft.document.notes?.[id];
  if (!note) throw new Refusal("unknown_note", `There is no note \`${id}\`; perhaps somebody deleted it.`);
  return note;
}

export function addSection(draft: Draft, given: Section): Op[] {
  if (draft.document.sections?.[given.id])
    throw new Refusal("duplicate_id", `There is a group \`${given.id}\` already.`);
  const section = wholeSection(given);
  check(section);
  draft.setSection(section.id, section);
  return [{ op: "remove_section", id: section.id }];
}

export function removeSection(draft: Draft, id: string): Op[] {
  const section = sectionOf(draft, id);
  const members = membersOf(draft.document, id);
  for (const member of members) put(draft, member, null);
  draft.setSection(id, null);
  const back: Op[] = members.length > 0 ? [{ op: "join", section: id, members }] : [];
  return [{ op: "add_section", section }, ...back];
}

export function updateSection(draft: Draft, id: string, changes: Partial<Section>): Op[] {
  const section = sectionOf(draft, id);
  checkKeys(changes, ["title", "color"]);
  const after = { ...section, ...changes };
  check(after);
  draft.setSection(id, after);
  return [{ op: "update_section", id, changes: before(section, changes) }];
}

/** Members that are gone are passed over, as in a move. What undoes it says for each where it was before. */
export function join(draft: Draft, section: string | null, members: readonly string[]): Op[] {
  if (section !== null) sectionOf(draft, section);
  const left = new Map<string | null, string[]>();
  for (const member of members) {
    const part = memberOf(draft.document, member);
    if (!part || (part.section ?? null) === section) continue;
    const from = part.section ?? null;
    left.set(from, [...(left.get(from) ?? []), member]);
    put(draft, member, section);
  }
  return [...left].map(([from, ids]): Op => ({ op: "join", section: from, members: ids }));
}

/** Canvas ids of what is in a section: nodes, inputs, notes. */
export function membersOf(document: Document, section: string): string[] {
  const those = (
    parts: Readonly<Record<string, { readonly section?: string }>>,
    id: (key: string) => string,
  ) => Object.entries(parts).flatMap(([key, part]) => (part.section === section ? [id(key)] : []));
  return [
    ...those(document.nodes, (id) => id),
    ...those(document.inputs, inputNodeId),
    ...those(document.notes ?? {}, noteNodeId),
  ];
}

/** What may be in a section, by its canvas id. */
export function memberOf(document: Document, id: string): { readonly section?: string } | undefined {
  const input = inputNameOf(id);
  const note = noteIdOf(id);
  if (input !== null) return document.inputs[input];
  return note === null ? document.nodes[id] : document.notes?.[note];
}

function put(draft: Draft, id: string, section: string | null): void {
  const { document } = draft;
  const input = inputNameOf(id);
  const note = noteIdOf(id);
  if (input !== null) draft.setInput(input, within(document.inputs[input]!, section));
  else if (note !== null) draft.setNote(note, within(document.notes![note]!, section));
  else draft.setNode(within(document.nodes[id]!, section));
}

function within<T extends { readonly section?: string }>(part: T, section: string | null): T {
  const rest = { ...part, section: section ?? undefined };
  if (section === null) delete rest.section;
  return rest;
}

/** A new part without its section where that is gone: what comes back after it was deleted may outlive it. */
export const inSection = <T extends { readonly section?: string }>(draft: Draft, part: T): T =>
  part.section !== undefined && !draft.document.sections?.[part.section] ? within(part, null) : part;

function sectionOf(draft: Draft, id: string): Section {
  const section = draft.document.sections?.[id];
  if (!section)
    throw new Refusal("unknown_section", `There is no group \`${id}\`; perhaps somebody took it apart.`);
  return section;
}

function check(part: Note | Section): void {
  if (!NODE_ID.test(part.id))
    throw new Refusal("malformed", `The operation cannot be read: \`${part.id}\` is no id.`);
  if (!COLORS.includes(part.color))
    throw new Refusal("malformed", `The operation cannot be read: \`${part.color}\` is no colour.`);
}

const before = <T extends object>(part: T, changes: Partial<T>): Partial<T> =>
  Object.fromEntries(Object.keys(changes).map((key) => [key, part[key as keyof T]])) as Partial<T>;
