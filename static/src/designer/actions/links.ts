/** Links to one node: `#node=split_data`, kept in step with the selection. */

import { announce, notify, onlySelected, uiStore } from "../state/ui.ts";
import { flyToStep } from "./focus.ts";
import { titleOf } from "./edit.ts";

const linkTo = (id: string | null): string =>
  `${location.pathname}${location.search}${id === null ? "" : `#node=${encodeURIComponent(id)}`}`;

export async function copyLink(id: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(new URL(linkTo(id), location.href).href);
    announce(`Copied a link to ${titleOf(id)}.`);
  } catch {
    notify("The browser did not allow copying. The address bar has the link while the node is selected.", id);
  }
}

/** Go where the address points, now and whenever it is changed by hand. */
export function followAddress(): void {
  const go = () => {
    const id = new URLSearchParams(location.hash.slice(1)).get("node");
    if (id !== null) void flyToStep(id);
  };
  go();
  window.addEventListener("hashchange", go);
  uiStore.subscribe((now, before) => {
    if (now.selection === before.selection) return;
    const address = linkTo(onlySelected(now));
    if (address !== location.pathname + location.search + location.hash)
      history.replaceState(history.state, "", address);
  });
}
