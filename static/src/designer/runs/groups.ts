/** How the steps within groups stand: `a.b.c` is a step of `b`, which is a step of `a`. */

import type { Counts, StepState, StepStatus } from "../../run/types.ts";

export type GroupCounts = Readonly<Record<string, Counts>>;

/** The groups that a node lies in, outermost first. */
export function groupsAround(node: string): string[] {
  const around: string[] = [];
  for (let at = node.indexOf("."); at > 0; at = node.indexOf(".", at + 1)) around.push(node.slice(0, at));
  return around;
}

/** Counts of states by group; groups within groups are not counted themselves, their steps are. */
export function countGroups(steps: Readonly<Record<string, StepState>>): GroupCounts {
  const counts: Record<string, Counts> = {};
  for (const node of Object.keys(steps)) for (const group of groupsAround(node)) counts[group] = {};
  for (const [node, { status }] of Object.entries(steps)) {
    if (node in counts) continue;
    for (const group of groupsAround(node)) {
      const within = counts[group]!;
      within[status] = (within[status] ?? 0) + 1;
    }
  }
  return counts;
}

/** The counts after a step went from one state to another. Groups that it does not lie in stay the same objects. */
export function moveCount(
  before: GroupCounts,
  node: string,
  from: StepStatus | null,
  to: StepStatus,
): GroupCounts {
  if (from === to || node in before) return before;
  const around = groupsAround(node);
  if (around.length === 0) return before;
  const after: Record<string, Counts> = { ...before };
  for (const group of around) {
    const within = { ...after[group] };
    if (from !== null) within[from] = (within[from] ?? 1) - 1;
    within[to] = (within[to] ?? 0) + 1;
    after[group] = within;
  }
  return after;
}
