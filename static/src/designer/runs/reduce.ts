/** What events make of the steps of a run. Untouched steps stay the same objects. */

import type { Document, GraphNode } from "../../graph/types.ts";
import type { LoopKind, RunEvent, StepState } from "../../run/types.ts";
import type { Run } from "../state/run.ts";
import type { GroupCounts } from "./groups.ts";
import { moveCount } from "./groups.ts";

export interface Reduced {
  readonly run: Run;
  readonly steps: Readonly<Record<string, StepState>>;
  readonly groups: GroupCounts;
  /** The iteration that is looked into, as `loop[3]`, and its steps: those of all others are not kept here. */
  readonly watched: string | null;
  readonly inner: Readonly<Record<string, StepState>>;
}

/** Whether a step is part of an iteration. */
export const inIteration = (node: string): boolean => node.includes("[");

const isWatched = (node: string, watched: string | null): boolean =>
  watched !== null && (node === watched || node.startsWith(`${watched}.`));

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
  let { run, groups } = before;
  const { watched } = before;
  const outer = new Table(before.steps);
  const inner = new Table(before.inner);
  const tableOf = (node: string): Table | null =>
    !inIteration(node) ? outer : isWatched(node, watched) ? inner : null;
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
        const { node, status, attempt } = event.data;
        const table = tableOf(node);
        const old = table?.get(node);
        if (!table || !old) break;
        if (table === outer) groups = moveCount(groups, node, node in outer.now ? old.status : null, status);
        const again = attempt !== old.attempt || status === "Queued";
        table.put({ ...old, ...event.data, progress: again ? null : old.progress });
        break;
      }
      case "step.progress": {
        const { node, progress } = event.data;
        const table = tableOf(node);
        const old = table?.get(node);
        if (table && old && old.progress !== progress) table.put({ ...old, progress });
        break;
      }
      case "step.output": {
        const { node, artifact } = event.data;
        const table = tableOf(node);
        const old = table?.get(node);
        if (table && old) table.put({ ...old, outputs: { ...old.outputs, [artifact.output]: artifact } });
        break;
      }
      case "loop.counts": {
        const { node, ...told } = event.data;
        const table = tableOf(node);
        const old = table?.get(node);
        if (table && old) table.put({ ...old, loop: { type: loopType(run, node), ...old.loop, ...told } });
        break;
      }
    }
    run = { ...run, seq: event.seq };
  }
  return { run, steps: outer.now, groups, watched, inner: inner.now };
}

/** What kind of loop a node of a run is: at any depth of its groups. */
function loopType(run: Run, path: string): LoopKind {
  let graph: Document | undefined = run.document;
  let found: LoopKind = "parallel_for";
  for (const part of path.split(".")) {
    const node: GraphNode | undefined = graph?.nodes[part.replace(/\[\d+\]$/, "")];
    if (node?.kind !== "component") return found;
    found = node.loop?.type ?? found;
    graph = run.graphs?.[node.component];
  }
  return found;
}

/** Steps by node, copied when the first of them changes. */
class Table {
  private own: Record<string, StepState> | null = null;

  constructor(private readonly before: Readonly<Record<string, StepState>>) {}

  get now(): Readonly<Record<string, StepState>> {
    return this.own ?? this.before;
  }

  get(node: string): StepState {
    return this.now[node] ?? { ...NEW, node };
  }

  put(next: StepState): void {
    this.own ??= { ...this.before };
    this.own[next.node] = next;
  }
}
