/** Lines to which a dragged thing is drawn: where its sides or its middle meet those of others. */

import type { Box } from "./placement.ts";

/** From one end to the other, along the axis it is drawn on. */
export interface Guide {
  readonly axis: "x" | "y";
  /** Where it stands. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export interface Aligned {
  readonly dx: number;
  readonly dy: number;
  readonly guides: readonly Guide[];
}

interface Axis {
  readonly at: "x" | "y";
  readonly length: "width" | "height";
}

const AXES: readonly Axis[] = [
  { at: "x", length: "width" },
  { at: "y", length: "height" },
];

const stops = (box: Box, { at, length }: Axis): readonly number[] => [
  box[at],
  box[at] + box[length] / 2,
  box[at] + box[length],
];

/** How far to shift the moving box so that it lines up with the nearest of the others within reach, and the lines to show for it. */
export function aligned(moving: Box, others: readonly Box[], reach: number): Aligned {
  let placed = moving;
  for (const axis of AXES) {
    const by = nearest(stops(moving, axis), others, axis, reach);
    placed = { ...placed, [axis.at]: placed[axis.at] + by };
  }
  const guides = AXES.flatMap((axis) => linesOf(placed, others, axis));
  return { dx: placed.x - moving.x, dy: placed.y - moving.y, guides };
}

function nearest(own: readonly number[], others: readonly Box[], axis: Axis, reach: number): number {
  let best = 0;
  let least = Infinity;
  for (const other of others) {
    const theirs = stops(other, axis);
    // Sides with sides, middles with middles.
    for (const [index, stop] of own.entries()) {
      for (const [to, wanted] of theirs.entries()) {
        if ((index === 1) !== (to === 1)) continue;
        const by = wanted - stop;
        if (Math.abs(by) <= reach && Math.abs(by) < least) [best, least] = [by, Math.abs(by)];
      }
    }
  }
  return best;
}

/** One line at each place where sides or middles meet, as long as all that lie on it. */
function linesOf(placed: Box, others: readonly Box[], axis: Axis): Guide[] {
  const cross = AXES.find((each) => each !== axis)!;
  const own = stops(placed, axis);
  const lines = new Map<number, { from: number; to: number }>();
  for (const other of others) {
    const theirs = stops(other, axis);
    for (const [index, stop] of own.entries()) {
      if (!theirs.some((each, to) => (index === 1) === (to === 1) && Math.abs(each - stop) < 0.5)) continue;
      const line = lines.get(stop) ?? { from: Infinity, to: -Infinity };
      for (const box of [placed, other]) {
        line.from = Math.min(line.from, box[cross.at]);
        line.to = Math.max(line.to, box[cross.at] + box[cross.length]);
      }
      lines.set(stop, line);
    }
  }
  return [...lines].map(([at, { from, to }]) => ({ axis: axis.at, at, from, to }));
}
