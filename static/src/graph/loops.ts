/** Loops and branches with every key that may be left out. */

import type { Branch, Loop } from "./control.ts";

type Loose = Readonly<Record<string, unknown>>;

export const wholeBranch = (given: Partial<Branch> = {}): Branch => ({
  operator: "is_true",
  operand: null,
  ...given,
});

const LOOPS: Readonly<Record<string, Loose>> = {
  items: { items: [], input: null, max_concurrency: null },
  files: { input: "", batch_size: 1, max_concurrency: null },
  do_while: { condition: "", mapping: {}, max_iteration_count: 10 },
  sweep: { sampling_algorithm: "random", seed: null },
};
const POLICIES: Readonly<Record<string, Loose>> = {
  bandit: { slack_factor: null, slack_amount: null },
  truncation_selection: { truncation_percentage: 20 },
};

/** A new loop of a kind, or one that came over the wire, or null for what is no loop. */
export function wholeLoop(given: Loose & { readonly type: string }): Loop | null {
  const defaults = LOOPS[given.type === "parallel_for" ? String(given["over"]) : given.type];
  if (!defaults) return null;
  const loop = { ...defaults, ...given };
  return (given.type === "sweep" ? { ...loop, ...sweepParts(given) } : loop) as unknown as Loop;
}

function sweepParts(given: Loose): Loose {
  const policy = given["early_termination"] as Loose | null | undefined;
  return {
    search_space: Object.fromEntries(
      Object.entries((given["search_space"] ?? {}) as Loose).map(([name, space]) => [
        name,
        wholeSpace(space as Loose),
      ]),
    ),
    objective: { goal: "maximize", primary_metric: "", ...(given["objective"] as Loose) },
    limits: { max_total_trials: 20, max_concurrent_trials: null, ...(given["limits"] as Loose) },
    early_termination: policy
      ? { evaluation_interval: 1, delay_evaluation: 0, ...POLICIES[String(policy["type"])], ...policy }
      : null,
  };
}

function wholeSpace(given: Loose): Loose {
  const type = String(given["type"]);
  if (type === "choice") return { values: [], ...given };
  return type.startsWith("q") ? { q: 1, ...given } : given;
}
