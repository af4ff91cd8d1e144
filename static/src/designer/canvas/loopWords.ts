/** What a loop repeats, in a few words. */

import type { Loop } from "../../graph/control.ts";
import { boundInput } from "../../graph/binding.ts";
import type { Counts, LoopState } from "../../run/types.ts";

export function loopWords(loop: Loop): string {
  switch (loop.type) {
    case "parallel_for":
      if (loop.over === "files")
        return loop.batch_size > 1 ? `for each ${loop.batch_size} files` : "for each file";
      return typeof loop.items === "string"
        ? `for each of ${boundInput(loop.items) ?? "a list"}`
        : `for each of ${loop.items.length}`;
    case "do_while":
      return `while ${loop.condition || "…"}, ≤ ${loop.max_iteration_count}`;
    case "sweep":
      return `sweep ≤ ${loop.limits.max_total_trials}${loop.sampling_algorithm === "grid" ? ", grid" : ""}`;
  }
}

/** The same in one word or two, where its counts stand beside it. */
export const loopWord = (loop: Loop): string =>
  loop.type === "sweep" ? "sweep" : loop.type === "do_while" ? "while" : "for each";

export const loopIcon = (loop: Loop): string =>
  loop.type === "sweep" ? "sliders-horizontal" : loop.type === "do_while" ? "rotate-cw" : "layers";

/** "8 of 12, 1 failed". */
export function loopProgress({ total, counts }: Pick<LoopState, "total" | "counts">): string {
  const done =
    (counts.Completed ?? 0) + (counts.Failed ?? 0) + (counts.Canceled ?? 0) + (counts.Skipped ?? 0);
  const failed = counts.Failed ?? 0;
  return `${done}${total === null ? "" : ` of ${total}`}${failed > 0 ? `, ${failed} failed` : ""}`;
}

/** "3 of 5, 1 failed": the same of the steps in a group. */
export function groupProgress(counts: Counts): string {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return loopProgress({ total, counts });
}
