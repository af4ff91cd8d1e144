/** Keys while the keyboard is on the canvas. */

import type { KeyboardEvent } from "react";

import { nextOf, previousOf } from "../../graph/adjacency.ts";
import { nudge } from "../actions/edit.ts";
import { focusNode } from "../actions/focus.ts";
import { askToRun } from "../actions/run.ts";
import { isGroup, nodeAt, toggleGroup } from "../groups/expand.ts";
import { currentView } from "../groups/view.ts";
import { openNodeMenu, startConnecting } from "../menu/nodeMenu.ts";
import { docStore } from "../state/doc.ts";
import { announce, select, setUi, uiStore } from "../state/ui.ts";

type Direction = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";
const DIRECTIONS: Readonly<Record<Direction, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const centre = (id: string): { x: number; y: number } | null => {
  const box = currentView().box(id);
  return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

/** Right and left follow a wire where there is one; else, and up and down, the nearest node that way. */
export function neighbour(id: string, direction: Direction): string | null {
  const { document } = docStore.getState();
  const view = currentView();
  const along =
    direction === "ArrowRight"
      ? [
          ...nextOf(document, id),
          ...view.links.filter(({ source }) => source === id).map(({ target }) => target),
        ]
      : direction === "ArrowLeft"
        ? [
            ...previousOf(document, id),
            ...view.links.filter(({ target }) => target === id).map(({ source }) => source),
          ]
        : [];
  const from = centre(id);
  if (!from) return null;
  const [dx, dy] = DIRECTIONS[direction];
  let best: string | null = null;
  let least = Infinity;
  for (const other of along.length > 0 ? along : view.ids()) {
    const to = centre(other);
    if (other === id || !to) continue;
    const ahead = (to.x - from.x) * dx + (to.y - from.y) * dy;
    const aside = Math.abs((to.x - from.x) * dy) + Math.abs((to.y - from.y) * dx);
    if (along.length === 0 && (ahead <= 0 || aside > ahead * 2)) continue;
    const cost = Math.abs(ahead) + aside * 2;
    if (cost < least) [best, least] = [other, cost];
  }
  return best;
}

const focusedNode = (target: EventTarget): string | null =>
  target instanceof HTMLElement && target.classList.contains("react-flow__node")
    ? (target.dataset.id ?? null)
    : null;

export function onCanvasKey(event: KeyboardEvent): void {
  const id = focusedNode(event.target);
  if (id === null || event.ctrlKey || event.metaKey) return;
  const { selection } = uiStore.getState();
  const { editable } = docStore.getState();
  const handled = (): void => {
    event.preventDefault();
    event.stopPropagation();
  };
  if (event.key in DIRECTIONS) {
    const direction = event.key as Direction;
    handled();
    if (event.altKey) {
      const [dx, dy] = DIRECTIONS[direction];
      const ids = selection.has(id) ? selection : [id];
      if (editable) nudge(ids, event.shiftKey ? dx * 4 : dx, event.shiftKey ? dy * 4 : dy);
      return;
    }
    const next = neighbour(id, direction);
    if (next === null) return announce("Nothing that way.");
    select(event.shiftKey ? [...selection, next] : [next]);
    focusNode(next);
    return;
  }
  switch (event.key) {
    case "Enter":
      handled();
      select([id]);
      setUi({ inspector: true });
      return void setTimeout(() =>
        document.querySelector<HTMLElement>(".inspector [data-first-field]")?.focus(),
      );
    case " ": {
      handled();
      const next = new Set(selection);
      if (!next.delete(id)) next.add(id);
      return select(next);
    }
    case "c":
      if (editable) {
        handled();
        startConnecting(id);
      }
      return;
    case "o":
    case "O":
      if (editable && nodeAt(id)?.outer) {
        handled();
        setUi({ ordering: { node: id, side: event.shiftKey ? "out" : "in" } });
      }
      return;
    case "e":
      if (isGroup(nodeAt(id)?.node)) {
        handled();
        toggleGroup(id);
      }
      return;
    case "r":
    case "R": {
      const found = nodeAt(id);
      if (found?.outer && found.node.kind !== "data") {
        handled();
        askToRun({ only: event.shiftKey ? { from: id } : { to: id } });
      }
      return;
    }
    case "F2":
      if (editable && id in docStore.getState().document.nodes) {
        handled();
        setUi({ renaming: id });
      }
      return;
    case "ContextMenu":
    case "m": {
      handled();
      const box = (event.target as HTMLElement).getBoundingClientRect();
      return openNodeMenu(id, { x: box.left + 16, y: box.top + 32 });
    }
  }
}
