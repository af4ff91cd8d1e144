import { canvasIds } from "../../graph/order.ts";
import { noteNodeId } from "../../graph/types.ts";
import type { Alignment } from "../../graph/arrange.ts";
import { arrange } from "../actions/arrange.ts";
import { copyToClipboard, duplicate, pasteFromClipboard } from "../actions/clipboard.ts";
import { removeSelected } from "../actions/edit.ts";
import { redo, undo } from "../actions/history.ts";
import { layoutGraph } from "../actions/layout.ts";
import { docStore } from "../state/doc.ts";
import { select, uiStore } from "../state/ui.ts";
import { setView, viewStore } from "../state/view.ts";
import type { Command } from "./types.ts";

const editable = (): boolean => docStore.getState().editable;
const chosen = (): boolean => uiStore.getState().selection.size > 0;
const something = (): boolean => chosen() || uiStore.getState().edges.size > 0;
const several = (): boolean => editable() && uiStore.getState().selection.size > 1;
const CLIPBOARD = "The browser's own keys for copying: they stay.";

export const EDIT_COMMANDS: readonly Command[] = [
  {
    id: "edit.undo",
    title: "Undo",
    group: "Edit",
    icon: "undo-2",
    keys: ["Ctrl+Z"],
    scope: "page",
    possible: () => editable() && docStore.getState().canUndo !== null,
    do: undo,
  },
  {
    id: "edit.redo",
    title: "Redo",
    group: "Edit",
    icon: "redo-2",
    keys: ["Ctrl+Shift+Z", "Ctrl+Y"],
    scope: "page",
    possible: () => editable() && docStore.getState().canRedo !== null,
    do: redo,
  },
  {
    id: "edit.copy",
    title: "Copy",
    group: "Edit",
    icon: "copy",
    keys: ["Ctrl+C"],
    scope: "canvas",
    words: "clipboard yaml text",
    fixed: CLIPBOARD,
    possible: chosen,
    do: () => void copyToClipboard(),
  },
  {
    id: "edit.cut",
    title: "Cut",
    group: "Edit",
    icon: "minus",
    keys: ["Ctrl+X"],
    scope: "canvas",
    fixed: CLIPBOARD,
    possible: () => editable() && chosen(),
    do: () => void copyToClipboard().then((done) => done && removeSelected()),
  },
  {
    id: "edit.paste",
    title: "Paste",
    group: "Edit",
    icon: "file-input",
    keys: ["Ctrl+V"],
    scope: "canvas",
    fixed: CLIPBOARD,
    possible: editable,
    do: () => void pasteFromClipboard(false),
  },
  {
    id: "edit.paste-wired",
    title: "Paste with the wires from outside",
    group: "Edit",
    icon: "file-input",
    keys: ["Ctrl+Shift+V"],
    scope: "canvas",
    words: "keep inputs",
    fixed: CLIPBOARD,
    possible: editable,
    do: () => void pasteFromClipboard(true),
  },
  {
    id: "edit.duplicate",
    title: "Duplicate",
    group: "Edit",
    icon: "copy-plus",
    keys: ["Ctrl+D"],
    scope: "page",
    possible: () => editable() && chosen(),
    do: duplicate,
  },
  {
    id: "edit.delete",
    title: "Delete",
    group: "Edit",
    icon: "trash-2",
    keys: ["Delete"],
    scope: "canvas",
    words: "remove",
    possible: () => editable() && something(),
    do: () => removeSelected(),
  },
  {
    id: "edit.delete-heal",
    title: "Delete and join its wires",
    group: "Edit",
    icon: "git-merge",
    keys: ["Ctrl+Delete"],
    scope: "canvas",
    words: "heal remove",
    possible: () => editable() && something(),
    do: () => removeSelected(true),
  },
  {
    id: "edit.select-all",
    title: "Select everything",
    group: "Edit",
    icon: "list-checks",
    keys: ["Ctrl+A"],
    scope: "canvas",
    do: () => {
      const { document } = docStore.getState();
      select([...canvasIds(document), ...Object.keys(document.notes ?? {}).map(noteNodeId)]);
    },
  },
  {
    id: "edit.select-none",
    title: "Select nothing",
    group: "Edit",
    keys: ["Escape"],
    scope: "page",
    fixed: "Escape closes what is open, and then selects nothing.",
    possible: something,
    do: () => select([]),
  },
  align("left", "Align left", "align-start-vertical"),
  align("centre", "Align centres", "align-center-vertical"),
  align("right", "Align right", "align-end-vertical"),
  align("top", "Align top", "align-start-horizontal"),
  align("middle", "Align middles", "align-center-horizontal"),
  align("bottom", "Align bottom", "align-end-horizontal"),
  align("columns", "Distribute across", "align-horizontal-space-between"),
  align("rows", "Distribute down", "align-vertical-space-between"),
  {
    id: "arrange.layout",
    title: "Lay out everything",
    group: "Arrange",
    icon: "layout-dashboard",
    keys: ["Shift+L"],
    scope: "canvas",
    words: "auto-layout tidy organise",
    possible: editable,
    do: () => void layoutGraph(),
  },
  {
    id: "arrange.layout-selection",
    title: "Lay out the selection",
    group: "Arrange",
    icon: "layout-dashboard",
    keys: ["L"],
    scope: "canvas",
    words: "auto-layout tidy organise",
    possible: several,
    do: () => void layoutGraph([...uiStore.getState().selection]),
  },
  {
    id: "arrange.snap",
    title: "Snap to the grid, or not",
    group: "Arrange",
    icon: "grid-3x3",
    keys: ["G"],
    scope: "canvas",
    do: () => setView({ snap: !viewStore.getState().snap }),
  },
  {
    id: "arrange.guides",
    title: "Show guides while dragging, or not",
    group: "Arrange",
    icon: "ruler",
    keys: [],
    scope: "canvas",
    do: () => setView({ guides: !viewStore.getState().guides }),
  },
];

function align(how: Alignment, title: string, icon: string): Command {
  return {
    id: `arrange.${how}`,
    title,
    group: "Arrange",
    icon,
    keys: [],
    scope: "canvas",
    words: "line up even gaps",
    possible: several,
    do: () => arrange(how),
  };
}
