/** What the empty canvas offers. */

import { placeAt } from "../actions/focus.ts";
import { itemOf } from "../commands/registry.ts";
import { addNote } from "../notes/actions.ts";
import { docStore } from "../state/doc.ts";
import { setUi } from "../state/ui.ts";
import type { MenuItem } from "./menuStore.ts";
import { openMenu } from "./menuStore.ts";

export function openPaneMenu(at: { x: number; y: number }): void {
  const { editable } = docStore.getState();
  const items: (MenuItem | "-")[] = [];
  if (editable) {
    const place = placeAt(at);
    items.push(
      {
        label: "Add a component…",
        icon: "plus",
        do: () => setUi({ quickAdd: { screen: at, at: place, from: null } }),
      },
      itemOf("note.add", null, { do: () => addNote(place) }),
      "-",
      itemOf("edit.paste"),
    );
  }
  items.push(itemOf("edit.select-all"));
  if (editable) items.push("-", itemOf("arrange.layout"));
  openMenu(items, at, "Canvas");
}
