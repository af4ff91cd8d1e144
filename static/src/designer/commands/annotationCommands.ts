import { memberOf } from "../../graph/annotating.ts";
import { noteIdOf, sectionIdOf } from "../../graph/types.ts";
import { collapsible, expandInPlace } from "../actions/collapse.ts";
import { toggleMode } from "../actions/modes.ts";
import { placeAt } from "../actions/focus.ts";
import { pointerPlace } from "../actions/open.ts";
import { addNote, growNote } from "../notes/actions.ts";
import { groupSelected, sectionsOf, toggleFold, ungroup } from "../sections/actions.ts";
import { docStore } from "../state/doc.ts";
import { isGroup } from "../groups/expand.ts";
import { setUi, uiStore } from "../state/ui.ts";
import { app } from "../app.ts";
import type { Command } from "./types.ts";

const editable = (): boolean => docStore.getState().editable;
const isComponent = (id: string | null): id is string =>
  editable() && id !== null && docStore.getState().document.nodes[id]?.kind === "component";

/** Notes, groups, and what does not run. */
export const ANNOTATION_COMMANDS: readonly Command[] = [
  {
    id: "note.add",
    title: "Add a note",
    group: "Find and add",
    icon: "sticky-note",
    keys: ["N"],
    scope: "canvas",
    words: "sticky comment markdown text",
    possible: editable,
    do: () => {
      const pointer = pointerPlace();
      addNote(pointer && placeAt(pointer));
    },
  },
  {
    id: "section.group",
    title: "Group the selection",
    group: "Edit",
    icon: "group",
    keys: ["Ctrl+G"],
    scope: "page",
    words: "frame section box together",
    possible: () =>
      editable() &&
      [...uiStore.getState().selection].some(
        (id) => memberOf(docStore.getState().document, id) !== undefined,
      ),
    do: groupSelected,
  },
  {
    id: "section.ungroup",
    title: "Ungroup",
    group: "Edit",
    icon: "ungroup",
    keys: ["Ctrl+Shift+G"],
    scope: "page",
    words: "take apart",
    possible: () => editable() && sectionsOf(uiStore.getState().selection).length > 0,
    do: () => ungroup(uiStore.getState().selection),
  },
  {
    id: "edit.collapse",
    title: "Make a component of the selection…",
    group: "Edit",
    icon: "package-plus",
    keys: ["Shift+G"],
    scope: "canvas",
    words: "collapse subgraph pipeline component reuse",
    possible: () => editable() && app().session !== null && collapsible().length > 0,
    do: () => setUi({ dialog: "collapse" }),
  },
  {
    id: "node.expand",
    title: "Expand in place",
    group: "On a node",
    icon: "ungroup",
    keys: ["Shift+E"],
    scope: "node",
    words: "unpack subgraph lay out",
    possible: (id) => isComponent(id) && isGroup(docStore.getState().document.nodes[id]),
    do: (id) => id !== null && void expandInPlace(id),
  },
  {
    id: "section.fold",
    title: "Fold or open the group",
    group: "On a node",
    icon: "fold-vertical",
    keys: [],
    scope: "node",
    words: "collapse expand",
    possible: (id) => id !== null && sectionIdOf(id) !== null,
    do: (id) => id !== null && toggleFold(id),
  },
  {
    id: "node.disable",
    title: "Disable, or enable",
    group: "On a node",
    icon: "ban",
    keys: ["D"],
    scope: "node",
    words: "mute skip off",
    possible: isComponent,
    do: (id) => id !== null && toggleMode(id, "disabled"),
  },
  {
    id: "node.bypass",
    title: "Bypass, or not",
    group: "On a node",
    icon: "redo-dot",
    keys: ["B"],
    scope: "node",
    words: "pass through skip",
    possible: isComponent,
    do: (id) => id !== null && toggleMode(id, "bypassed"),
  },
  grow("wider", "ArrowRight", 8, 0),
  grow("narrower", "ArrowLeft", -8, 0),
  grow("taller", "ArrowDown", 0, 8),
  grow("lower", "ArrowUp", 0, -8),
];

function grow(how: string, key: string, dx: number, dy: number): Command {
  return {
    id: `note.${how}`,
    title: `Make a note ${how}`,
    group: "Move about",
    keys: [`Ctrl+${key}`],
    scope: "node",
    unlisted: true,
    possible: (id) => editable() && id !== null && noteIdOf(id) !== null,
    do: (id) => id !== null && growNote(id, dx, dy),
  };
}
