/** What letting a wire go over empty canvas opens, for those who want a menu rather than a search. */

import type { Interface } from "../../graph/types.ts";
import { addNode, fits } from "../actions/add.ts";
import { isOrderEnd } from "../actions/order.ts";
import { typeOf } from "../actions/wire.ts";
import type { MenuItem } from "../menu/menuStore.ts";
import { openMenu } from "../menu/menuStore.ts";
import { docStore } from "../state/doc.ts";
import type { QuickAdd } from "../state/ui.ts";
import { setUi } from "../state/ui.ts";
import { viewStore } from "../state/view.ts";

const MOST = 10;

export function onRelease(request: QuickAdd): void {
  const { release } = viewStore.getState();
  if (release === "search") setUi({ quickAdd: request });
  else if (release === "menu") openReleaseMenu(request);
}

function openReleaseMenu(request: QuickAdd): void {
  const { at, from, screen } = request;
  const { components } = docStore.getState();
  if (!from) return;
  const type = typeOf(from);
  const fitting = isOrderEnd(from)
    ? components
    : components.filter((face) => fits(face, from, type) === "yes");
  const add = (component: Interface): MenuItem => ({
    label: component.title,
    icon: component.icon,
    do: () => addNode({ component }, { at, from, focus: true }),
  });
  const search: MenuItem = { label: "Search…", icon: "search", do: () => setUi({ quickAdd: request }) };
  openMenu([...fitting.slice(0, MOST).map(add), "-", search], screen, "Add what fits this wire");
}
