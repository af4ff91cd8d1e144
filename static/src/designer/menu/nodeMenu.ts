/** What the menus on the canvas offer. */

import { noteIdOf, sectionIdOf } from "../../graph/types.ts";
import { modeWord } from "../actions/modes.ts";
import { groupItems, openAnnotationMenu } from "./annotationMenu.ts";
import { isComponent } from "../../graph/ports.ts";
import { ANONYMOUS, askForComponent, upgradeNode } from "../actions/upgrade.ts";
import { app } from "../app.ts";
import { itemOf } from "../commands/registry.ts";
import { hasResult } from "../data/previews.ts";
import { isGroup, nodeAt } from "../groups/expand.ts";
import { docStore } from "../state/doc.ts";
import { select, uiStore } from "../state/ui.ts";
import { openMenu } from "./menuStore.ts";
import type { MenuItem } from "./menuStore.ts";
import { wiresIn, wiresOut } from "../../graph/adjacency.ts";
import { splitRef } from "../../graph/ports.ts";

export function openNodeMenu(id: string, at: { x: number; y: number }): void {
  if (noteIdOf(id) !== null || sectionIdOf(id) !== null) return openAnnotationMenu(id, at);
  const { document, editable: mayEdit, components } = docStore.getState();
  if (!uiStore.getState().selection.has(id)) select([id]);
  const found = nodeAt(id);
  const outer = found?.outer ?? true;
  const editable = mayEdit && outer;
  const node = found?.node;
  const wires = [...wiresIn(document.edges, id), ...wiresOut(document.edges, id)];
  const items: (MenuItem | "-")[] = [];
  if (editable && node) {
    items.push(itemOf("node.rename", id), itemOf("node.connect", id));
    if (node.kind !== "data") items.push(itemOf("node.run-after", id));
    if ([...wiresIn(document.edges, id)].length > 0) items.push(itemOf("node.swap", id));
    if (wires.length === 0 && node.kind === "component") items.push(itemOf("node.insert", id));
    items.push(itemOf("edit.duplicate"));
    if (node.kind === "component")
      items.push(
        itemOf("node.disable", id, { label: modeWord(id, "disabled") }),
        itemOf("node.bypass", id, { label: modeWord(id, "bypassed") }),
      );
  }
  if (editable) items.push("-", ...groupItems(id));
  if (editable && node) items.push(itemOf("edit.collapse"), "-");
  if (hasResult(id)) items.push(itemOf("node.result", id, { label: "Show the last result" }));
  if (isGroup(node)) {
    const open = uiStore.getState().expanded.has(id);
    items.push(
      itemOf("node.group", id, {
        label: open ? "Close it" : "Look inside",
        icon: open ? "chevron-up" : "maximize",
      }),
    );
  }
  if (isGroup(node) && editable) items.push(itemOf("node.expand", id));
  if (outer && node && node.kind !== "data" && app().session && app().boot.user.can_run) {
    items.push(
      "-",
      itemOf("run.to", id),
      itemOf("run.from", id, { note: "It and all behind it, anew" }),
      "-",
    );
  }
  if (outer) items.push(itemOf("edit.copy"));
  items.push(itemOf("node.link", id));
  if (outer) items.push("-", itemOf("node.select-before", id), itemOf("node.select-after", id));
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
    if (wires.length > 0) items.push(itemOf("node.disconnect", id));
    if (wires.length > 1) items.push(itemOf("edit.delete-heal"));
    items.push(itemOf("edit.delete", null, { danger: true }));
  }
  openMenu(items, at, `Actions for ${node?.title ?? id}`);
}
