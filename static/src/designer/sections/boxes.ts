/** Where sections are drawn: around their members. How they are folded is each viewer's own. */

import { membersOf } from "../../graph/annotating.ts";
import type { Box } from "../../graph/placement.ts";
import type { Document } from "../../graph/types.ts";
import { sectionNodeId } from "../../graph/types.ts";
import type { Layout } from "../groups/layout.ts";

export const PADDING = 24;
export const HEAD = 36;
export const FOLDED = { width: 224, height: 60 };

type Point = { readonly x: number; readonly y: number };

/** The box around these, or null where none of them is there. `moved` are drawn elsewhere than the layout says. */
export function boxAround(
  layout: Layout,
  ids: Iterable<string>,
  moved: ReadonlyMap<string, Point> | null = null,
): Box | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const id of ids) {
    const box = layout.box(id);
    if (!box) continue;
    const { x, y } = moved?.get(id) ?? box;
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x + box.width), Math.max(bottom, y + box.height)];
  }
  if (left === Infinity) return null;
  return {
    x: left - PADDING,
    y: top - PADDING - HEAD,
    width: right - left + 2 * PADDING,
    height: bottom - top + 2 * PADDING + HEAD,
  };
}

/** A section's members, all of them, and the box that it is drawn with. */
export interface Drawn {
  readonly id: string;
  readonly members: readonly string[];
  readonly box: Box;
}

/** What is dragged out of a section leaves its box as it was, unless all of it is dragged. */
export function drawnSections(
  document: Document,
  layout: Layout,
  folded: ReadonlySet<string>,
  drag: ReadonlyMap<string, Point> | null = null,
): Drawn[] {
  return Object.keys(document.sections ?? {}).flatMap((id) => {
    const members = membersOf(document, id);
    const resting = drag ? members.filter((member) => !drag.has(member)) : members;
    const box = boxAround(layout, resting.length > 0 ? resting : members, drag);
    if (!box) return [];
    return [{ id, members, box: folded.has(id) ? { ...box, ...FOLDED } : box }];
  });
}

/** Member -> the folded section that it is drawn in. */
export function foldedMembers(document: Document, folded: ReadonlySet<string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const id of folded)
    if (document.sections?.[id])
      for (const member of membersOf(document, id)) found.set(member, sectionNodeId(id));
  return found;
}

const within = ({ x, y }: Point, box: Box): boolean =>
  x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** The section that each dropped thing belongs to from now on, where that changes. */
export function joins(
  document: Document,
  layout: Layout,
  folded: ReadonlySet<string>,
  dropped: ReadonlyMap<string, Point>,
): Map<string, string | null> {
  const found = new Map<string, string | null>();
  const sections = drawnSections(document, layout, folded, dropped);
  const own = new Map(sections.flatMap(({ id, members }) => members.map((member) => [member, id] as const)));
  for (const [id, at] of dropped) {
    const size = layout.box(id);
    if (!size) continue;
    const box = { ...size, ...at };
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const now = own.get(id) ?? null;
    const home = sections.find((section) => section.id === now);
    // Leaving takes more than coming in: what still touches its group stays in it.
    const whole = home?.members.every((member) => dropped.has(member));
    if (home && (whole || overlap(box, home.box))) continue;
    const next = sections.find((section) => section.id !== now && within(middle, section.box))?.id ?? null;
    if (next !== now) found.set(id, next);
  }
  return found;
}
