/** Dragging with groups: a group takes its members along, and what is dropped comes into a group or leaves it. */

import { snap } from "../../graph/geometry.ts";
import type { Op } from "../../graph/types.ts";
import { membersOf } from "../../graph/annotating.ts";
import { sectionIdOf } from "../../graph/types.ts";
import { plural } from "../../lib/format.ts";
import { edit } from "../app.ts";
import { titleOf } from "../actions/edit.ts";
import { currentView } from "../groups/view.ts";
import { docStore } from "../state/doc.ts";
import { uiStore } from "../state/ui.ts";
import { emptied, foldedOf } from "./actions.ts";
import { boxAround, joins } from "./boxes.ts";

type Point = { readonly x: number; readonly y: number };

/** All that moves when one thing is dragged to a place. */
export function dragged(id: string, to: Point): [string, Point][] {
  const section = sectionIdOf(id);
  if (section === null) return [[id, to]];
  const view = currentView();
  const members = membersOf(docStore.getState().document, section);
  const from = boxAround(view, members);
  if (!from) return [];
  return members.flatMap((member): [string, Point][] => {
    const box = view.box(member);
    return box ? [[member, { x: box.x + to.x - from.x, y: box.y + to.y - from.y }]] : [];
  });
}

/** The end of a drag: one move, along with what came into groups or left them. */
export function dropAll(
  positions: Readonly<Record<string, readonly [number, number]>>,
  drag: ReadonlyMap<string, Point>,
): void {
  const { document } = docStore.getState();
  const changed = joins(document, currentView(), foldedOf(uiStore.getState().folded), drag);
  const ids = Object.keys(positions);
  const ops: Op[] = [{ op: "move", positions }];
  for (const section of new Set(changed.values()))
    ops.push({
      op: "join",
      section,
      members: [...changed].flatMap(([id, to]) => (to === section ? [id] : [])),
    });
  ops.push(...emptied(document, new Set(changed.keys())));
  edit(ops, `Move ${ids.length === 1 ? titleOf(ids[0]!) : plural(ids.length, "node")}`);
}

/** Where members go when their group is moved by so much. */
export function shifted(id: string, dx: number, dy: number): Record<string, [number, number]> {
  const { document } = docStore.getState();
  const section = sectionIdOf(id)!;
  const view = currentView();
  return Object.fromEntries(
    membersOf(document, section).flatMap((member): [string, [number, number]][] => {
      const box = view.box(member);
      const at = box && view.back(box);
      return at ? [[member, [snap(at.x) + dx, snap(at.y) + dy]]] : [];
    }),
  );
}
