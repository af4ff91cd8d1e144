/** Lining nodes up and giving them even gaps. */

import { GRID, snap } from "./geometry.ts";
import type { Box } from "./placement.ts";

export type Alignment = "left" | "centre" | "right" | "top" | "middle" | "bottom" | "columns" | "rows";

export type Named = Box & { readonly id: string };

/** Where each goes: aligned to the outermost of them, or to the middle of them all; spread between the first and the last. */
export function arranged(boxes: readonly Named[], how: Alignment): Record<string, [number, number]> {
  if (boxes.length < 2) return {};
  const left = Math.min(...boxes.map(({ x }) => x));
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const top = Math.min(...boxes.map(({ y }) => y));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  if (how === "columns" || how === "rows") return spread(boxes, how);
  const place = ({ x, y, width, height }: Named): [number, number] => {
    if (how === "left") return [left, y];
    if (how === "centre") return [snap((left + right - width) / 2), y];
    if (how === "right") return [right - width, y];
    if (how === "top") return [x, top];
    if (how === "middle") return [x, snap((top + bottom - height) / 2)];
    return [x, bottom - height];
  };
  return Object.fromEntries(boxes.map((box) => [box.id, place(box)]));
}

function spread(boxes: readonly Named[], how: "columns" | "rows"): Record<string, [number, number]> {
  const [at, length] = how === "columns" ? (["x", "width"] as const) : (["y", "height"] as const);
  const sorted = [...boxes].sort((a, b) => a[at] - b[at] || (a.id < b.id ? -1 : 1));
  const first = sorted[0]!;
  const last = sorted.at(-1)!;
  const taken = sorted.reduce((sum, box) => sum + box[length], 0);
  const gap = Math.max(GRID, (last[at] + last[length] - first[at] - taken) / (sorted.length - 1));
  const positions: Record<string, [number, number]> = {};
  let next = first[at];
  for (const box of sorted) {
    positions[box.id] = how === "columns" ? [snap(next), box.y] : [box.x, snap(next)];
    next += box[length] + gap;
  }
  return positions;
}
