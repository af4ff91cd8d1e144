/** What events make of the steps of a run. Untouched steps stay the same objects. */

import type { RunEvent, StepState } from "../../run/types.ts";
import type { Run } from "../state/run.ts";

export interface Reduced {
  readonly run: Run;
  readonly steps: Readonly<Record<string, StepState>>;
}

const NEW: Omit<StepState, "node"> = {
  status: "NotStarted",
  reused: false,
  progress: null,
  attempt: 1,
  message: "",
  exit_code: null,
  started_at: null,
  ended_at: null,
  outputs: {},
};

export function reduce(before: Reduced, events: readonly RunEvent[]): Reduced {
  let { run } = before;
  const changed: { steps: Record<string, StepState> | null } = { steps: null };
  const step = (node: string): StepState => (changed.steps ?? before.steps)[node] ?? { ...NEW, node };
  const put = (next: StepState) => {
    changed.steps ??= { ...before.steps };
    changed.steps[next.node] = next;
  };
  for (const event of events) {
    switch (event.type) {
      case "run.status": {
        const { status, message } = event.data;
        const started = run.started_at ?? (status === "Running" ? event.at : null);
        const over = ["Completed", "Failed", "Canceled"].includes(status) ? event.at : null;
        run = { ...run, status, message, started_at: started, ended_at: over };
        break;
      }
      case "step.status": {
        const { node } = event.data;
        const old = step(node);
        const again = event.data.attempt !== old.attempt || event.data.status === "Queued";
        put({ ...old, ...event.data, progress: again ? null : old.progress });
        break;
      }
      case "step.progress": {
        const old = step(event.data.node);
        if (old.progress !== event.data.progress) put({ ...old, progress: event.data.progress });
        break;
      }
      case "step.output": {
        const { node, artifact } = event.data;
        const old = step(node);
        put({ ...old, outputs: { ...old.outputs, [artifact.output]: artifact } });
        break;
      }
    }
    run = { ...run, seq: event.seq };
  }
  return { run, steps: changed.steps ?? before.steps };
}
