/** The node that one comes to with an arrow key. */

import { nextOf, previousOf } from "../../graph/adjacency.ts";
import { currentView } from "../groups/view.ts";
import { docStore } from "../state/doc.ts";

export type Direction = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";
export const DIRECTIONS: Readonly<Record<Direction, readonly [number, number]>> = {
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
