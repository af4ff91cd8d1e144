/** The conditions of order edges: words, glyphs, colours, and what became of them in a run. */

import type { Condition, GraphNode } from "../../graph/types.ts";
import { isEnded } from "../../run/status.ts";
import type { StepState } from "../../run/types.ts";

interface Look {
  /** As in "Run after A succeeded". */
  readonly word: string;
  readonly icon: string;
  readonly hue: string;
  readonly help: string;
}

export const CONDITIONS: Readonly<Record<Condition, Look>> = {
  succeeded: {
    word: "succeeded",
    icon: "circle-check",
    hue: "var(--status-completed)",
    help: "Only when it completed",
  },
  failed: { word: "failed", icon: "octagon-x", hue: "var(--status-failed)", help: "Only when it failed" },
  completed: {
    word: "completed",
    icon: "circle-dot",
    hue: "var(--status-running)",
    help: "When it ended, well or not",
  },
  skipped: {
    word: "skipped",
    icon: "circle-dashed",
    hue: "var(--status-idle)",
    help: "Only when it did not run",
  },
  true: { word: "true", icon: "check", hue: "var(--status-completed)", help: "When the condition holds" },
  false: { word: "false", icon: "x", hue: "var(--status-warning)", help: "When it does not" },
};

const STEP: readonly Condition[] = ["succeeded", "failed", "completed", "skipped"];
const BRANCH: readonly Condition[] = ["true", "false"];

/** What may be asked of a node that something runs after. */
export const conditionsOf = (source: GraphNode | undefined): readonly Condition[] =>
  source?.kind === "branch" ? BRANCH : STEP;

/** Whether an order edge was followed in a run; null while nobody knows. */
export function wasFollowed(condition: Condition, source: StepState | undefined): boolean | null {
  if (!source || !isEnded(source.status)) return null;
  const { status, taken } = source;
  switch (condition) {
    case "true":
    case "false":
      if (status !== "Completed") return false;
      return taken === null || taken === undefined ? null : taken === (condition === "true");
    case "succeeded":
      return status === "Completed";
    case "failed":
      return status === "Failed";
    case "completed":
      return status === "Completed" || status === "Failed";
    case "skipped":
      return status === "Skipped";
  }
}
