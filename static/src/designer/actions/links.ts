/** Links to one node: `#node=split_data`, kept in step with the selection. */

import { announce, notify, onlySelected, uiStore } from "../state/ui.ts";
import { canvasFlow, flyToStep, lookAt, middle } from "./focus.ts";
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

/** The address as it stands: what is on the canvas, and the selected node. */
export async function copyAddress(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    notify("Copied the link.");
  } catch {
    notify("The browser did not allow copying. The address bar has the link.");
  }
}

/** A link to what is seen of the canvas: its middle and its zoom. */
export async function copyView(): Promise<void> {
  const flow = canvasFlow();
  if (!flow) return;
  const { x, y } = middle();
  const at = [Math.round(x), Math.round(y), Math.round(flow.getZoom() * 100) / 100].join(",");
  history.replaceState(history.state, "", `${location.pathname}${location.search}#at=${at}`);
  await copyAddress();
}

/** Go where the address points, now and whenever it is changed by hand. */
export function followAddress(): void {
  const go = () => {
    const hash = new URLSearchParams(location.hash.slice(1));
    const id = hash.get("node");
    if (id !== null) return void flyToStep(id);
    const [x, y, zoom] = (hash.get("at") ?? "").split(",").map(Number);
    if (x !== undefined && y !== undefined && zoom) lookAt({ x, y }, zoom);
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
