/** What the menus on the canvas offer. */

import { reach } from "../../graph/adjacency.ts";
import { isComponent } from "../../graph/ports.ts";
import { duplicate } from "../actions/clipboard.ts";
import { copied } from "../actions/clipboard.ts";
import { disconnect, removeSelected } from "../actions/edit.ts";
import { copyLink } from "../actions/links.ts";
import { askToRun } from "../actions/run.ts";
import { ANONYMOUS, askForComponent, upgradeNode } from "../actions/upgrade.ts";
import { app } from "../app.ts";
import { isGroup, nodeAt, toggleGroup } from "../groups/expand.ts";
import { docStore } from "../state/doc.ts";
import { announce, select, setUi, uiStore } from "../state/ui.ts";
import { openMenu } from "./menuStore.ts";
import type { MenuItem } from "./menuStore.ts";
import { wiresIn, wiresOut } from "../../graph/adjacency.ts";
import { splitRef } from "../../graph/ports.ts";

export function openNodeMenu(id: string, at: { x: number; y: number }): void {
  const { document, editable: mayEdit, components } = docStore.getState();
  if (!uiStore.getState().selection.has(id)) select([id]);
  const found = nodeAt(id);
  const outer = found?.outer ?? true;
  const editable = mayEdit && outer;
  const node = found?.node;
  const wires = [...wiresIn(document.edges, id), ...wiresOut(document.edges, id)];
  const items: (MenuItem | "-")[] = [];
  if (editable) {
    if (node) items.push({ label: "Rename", icon: "pencil", keys: "F2", do: () => setUi({ renaming: id }) });
    if (node) items.push({ label: "Connect…", icon: "spline", keys: "C", do: () => startConnecting(id) });
    if (node && node.kind !== "data") {
      items.push({
        label: "Run after…",
        icon: "arrow-down-to-line",
        keys: "O",
        do: () => setUi({ ordering: { node: id, side: "in" } }),
      });
    }
    if (node) items.push({ label: "Duplicate", icon: "copy-plus", keys: "Ctrl D", do: duplicate });
  }
  if (isGroup(node)) {
    const open = uiStore.getState().expanded.has(id);
    items.push({
      label: open ? "Close the group" : "Look into the group",
      icon: open ? "chevron-up" : "maximize",
      keys: "E",
      do: () => toggleGroup(id),
    });
  }
  if (outer && node && node.kind !== "data" && app().session && app().boot.user.can_run) {
    items.push(
      "-",
      { label: "Run up to here", icon: "play", keys: "R", do: () => askToRun({ only: { to: id } }) },
      {
        label: "Run from here",
        icon: "play",
        keys: "Shift R",
        note: "It and all behind it, anew",
        do: () => askToRun({ only: { from: id } }),
      },
      "-",
    );
  }
  if (outer) items.push({ label: "Copy", icon: "copy", keys: "Ctrl C", do: () => void copyToClipboard() });
  items.push({ label: "Copy link to node", icon: "link", do: () => void copyLink(id) });
  if (outer) {
    items.push("-");
    items.push({
      label: "Select what comes before it",
      icon: "arrow-left",
      do: () => select(reach(document, id, "in")),
    });
    items.push({
      label: "Select what comes after it",
      icon: "arrow-right",
      do: () => select(reach(document, id)),
    });
  }
  if (isComponent(node)) {
    const name = splitRef(node.component).name;
    const newer = components.find((face) => face.name === name && face.ref !== node.component);
    if (newer && editable && !splitRef(node.component).version.startsWith(ANONYMOUS)) {
      items.push({
        label: `Update to version ${newer.version}`,
        icon: "refresh-cw",
        do: () => upgradeNode(node),
      });
    }
    if (editable)
      items.push({ label: "Replace component…", icon: "replace", do: () => askForComponent(node.id, at) });
    const page = `${app().boot.pages}components/${encodeURIComponent(name)}/`;
    items.push({
      label: "Open component page",
      icon: "external-link",
      do: () => window.open(page, "_blank", "noopener"),
    });
  }
  if (editable) {
    items.push("-");
    if (wires.length > 0)
      items.push({ label: "Disconnect all", icon: "unlink", do: () => disconnect(wires) });
    if (wires.length > 1) {
      items.push({
        label: "Delete and join its wires",
        icon: "git-merge",
        keys: "Ctrl Del",
        do: () => removeSelected(true),
      });
    }
    items.push({ label: "Delete", icon: "trash-2", keys: "Del", danger: true, do: () => removeSelected() });
  }
  openMenu(items, at, `Actions for ${node?.title ?? id}`);
}

async function copyToClipboard(): Promise<void> {
  const text = copied();
  if (text !== null)
    await navigator.clipboard.writeText(text).catch(() => announce("The browser did not allow copying."));
}

/** Open the list of what a node's first output may feed. */
export function startConnecting(id: string): void {
  setUi({ connecting: { node: id, port: "", side: "out" } });
}
