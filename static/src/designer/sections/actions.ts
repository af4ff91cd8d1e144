/** Making groups, taking them apart, and folding them. */

import { memberOf, membersOf } from "../../graph/annotating.ts";
import type { Color, Document, Op } from "../../graph/types.ts";
import { sectionIdOf, sectionNodeId } from "../../graph/types.ts";
import { plural } from "../../lib/format.ts";
import { app, edit } from "../app.ts";
import { focusNode } from "../actions/focus.ts";
import { freshId } from "../notes/actions.ts";
import { docStore } from "../state/doc.ts";
import { announce, select, setUi, uiStore } from "../state/ui.ts";

/** Operations that take away the groups that have nothing left in them without these. */
export function emptied(document: Document, gone: ReadonlySet<string>): Op[] {
  return Object.keys(document.sections ?? {}).flatMap((id): Op[] => {
    const members = membersOf(document, id);
    return members.every((member) => gone.has(member)) ? [{ op: "remove_section", id }] : [];
  });
}

/** Put what is selected into a new group. */
export function groupSelected(): void {
  const { document } = docStore.getState();
  const members = [...uiStore.getState().selection].filter((id) => memberOf(document, id));
  if (members.length === 0) return announce("Select something to group.");
  const id = freshId("group");
  const left = emptied(document, new Set(members));
  const ops: Op[] = [
    { op: "add_section", section: { id, title: "Group", color: "gray" } },
    { op: "join", section: id, members },
    ...left,
  ];
  if (!edit(ops, `Group ${plural(members.length, "node")}`)) return;
  const made = sectionNodeId(id);
  select([made]);
  setUi({ renaming: made });
  announce(`Grouped ${plural(members.length, "node")}.`);
}

/** The groups among these, and those that the others among them are in. */
export function sectionsOf(ids: Iterable<string>): string[] {
  const { document } = docStore.getState();
  const found = [...ids].map((id) => sectionIdOf(id) ?? memberOf(document, id)?.section);
  return [...new Set(found)].filter(
    (id) => id !== undefined && document.sections?.[id] !== undefined,
  ) as string[];
}

export function ungroup(ids: Iterable<string>): void {
  const { document } = docStore.getState();
  const sections = sectionsOf(ids);
  const members = sections.flatMap((id) => membersOf(document, id));
  const ops = sections.map((id): Op => ({ op: "remove_section", id }));
  if (sections.length === 0 || !edit(ops, sections.length === 1 ? "Ungroup" : "Take groups apart")) return;
  select(members);
  if (members[0]) focusNode(members[0]);
  announce(`Ungrouped ${plural(members.length, "node")}.`);
}

/** Take members into a group, or with null out of theirs. */
export function joinSection(members: readonly string[], section: string | null): void {
  const { document } = docStore.getState();
  const left = emptied(document, new Set(members)).filter((op) => !("id" in op && op.id === section));
  edit(
    [{ op: "join", section, members }, ...left],
    section === null
      ? "Take out of the group"
      : `Put into ${document.sections?.[section]?.title || "the group"}`,
  );
}

export const changeSection = (id: string, changes: { title?: string; color?: Color }): boolean =>
  edit([{ op: "update_section", id: sectionIdOf(id)!, changes }], "Change a group");

/** Folded groups of this pipeline. Kept per browser: no edit, and nobody else sees it. */
const prefix = (): string => `${app().boot.pipeline?.id ?? ""}/`;

export const foldedOf = (kept: readonly string[]): ReadonlySet<string> =>
  new Set(kept.flatMap((each) => (each.startsWith(prefix()) ? [each.slice(prefix().length)] : [])));

export function toggleFold(canvasId: string): void {
  const id = sectionIdOf(canvasId)!;
  const { folded } = uiStore.getState();
  const key = prefix() + id;
  const open = folded.includes(key);
  setUi({ folded: open ? folded.filter((each) => each !== key) : [...folded, key] });
  select([canvasId]);
  const title = docStore.getState().document.sections?.[id]?.title || "the group";
  announce(`${open ? "Opened" : "Folded"} ${title}.`);
}
