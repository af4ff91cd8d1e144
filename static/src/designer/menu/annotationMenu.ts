/** What the menus of notes and groups offer, and what nodes can do with groups. */

import { memberOf } from "../../graph/annotating.ts";
import type { Color } from "../../graph/types.ts";
import { COLORS, noteIdOf, sectionIdOf } from "../../graph/types.ts";
import { titleOf } from "../actions/edit.ts";
import { itemOf, keyWords } from "../commands/registry.ts";
import { colorNote, noteAt } from "../notes/actions.ts";
import { changeSection, foldedOf, joinSection } from "../sections/actions.ts";
import { docStore } from "../state/doc.ts";
import { select, uiStore } from "../state/ui.ts";
import type { MenuItem } from "./menuStore.ts";
import { openMenu } from "./menuStore.ts";

const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);

function colors(now: Color, paint: (color: Color) => void): MenuItem[] {
  return COLORS.map((color) => ({
    label: capital(color),
    tint: color,
    checked: color === now,
    do: () => paint(color),
  }));
}

/** Into a group, out of it, into another. */
export function groupItems(id: string): MenuItem[] {
  const { document } = docStore.getState();
  const { selection } = uiStore.getState();
  const members = (selection.has(id) ? [...selection] : [id]).filter((each) => memberOf(document, each));
  const now = new Set(members.map((each) => memberOf(document, each)?.section));
  const items = [itemOf("section.group")];
  for (const section of Object.values(document.sections ?? {})) {
    if (now.size === 1 && now.has(section.id)) continue;
    items.push({
      label: `Put into “${section.title || "Group"}”`,
      icon: "group",
      do: () => joinSection(members, section.id),
    });
  }
  if ([...now].some((section) => section !== undefined))
    items.push({ label: "Take out of its group", icon: "ungroup", do: () => joinSection(members, null) });
  return items;
}

export function openAnnotationMenu(id: string, at: { x: number; y: number }): void {
  const { document, editable } = docStore.getState();
  const section = document.sections?.[sectionIdOf(id) ?? ""];
  const note = noteAt(id);
  if (!uiStore.getState().selection.has(id)) select([id]);
  const items: (MenuItem | "-")[] = [];
  if (section) {
    const folded = foldedOf(uiStore.getState().folded).has(section.id);
    items.push(
      itemOf("section.fold", id, {
        label: folded ? "Open the group" : "Fold the group",
        keys: keyWords("node.group"),
      }),
    );
  }
  if (editable) {
    items.push(itemOf("node.rename", id, { label: note ? "Write" : "Rename" }));
    if (note)
      items.push(itemOf("edit.duplicate"), "-", ...colors(note.color, (color) => colorNote(id, color)));
    if (section) items.push("-", ...colors(section.color, (color) => changeSection(id, { color })));
    items.push("-");
    if (note) items.push(...groupItems(id), "-", itemOf("edit.delete", null, { danger: true }));
    if (section) items.push(itemOf("section.ungroup"));
  }
  if (noteIdOf(id) !== null) items.push(itemOf("edit.copy"));
  openMenu(items, at, `Actions for ${titleOf(id)}`);
}
