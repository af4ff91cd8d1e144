/** The run whose statuses lie over the canvas, by node id, so that one event renders one node. */

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

import type { Document, Interface } from "../../graph/types.ts";
import type { RunEvent, RunState as RunFacts, StepState } from "../../run/types.ts";
import type { GroupCounts } from "../runs/groups.ts";

export type RunSummary = Omit<RunFacts, "steps" | "seq"> & { seq?: number };
export type Run = RunFacts & {
  readonly document: Document;
  readonly components: Readonly<Record<string, Interface>>;
  /** The documents of the pipeline components in it, by ref. */
  readonly graphs?: Readonly<Record<string, Document>>;
};

export interface RunOnCanvas {
  readonly run: Run | null;
  readonly steps: Readonly<Record<string, StepState>>;
  readonly groups: GroupCounts;
  /** The iteration that is looked into, as `loop[3]`, and the steps of it. */
  readonly watched: string | null;
  readonly inner: Readonly<Record<string, StepState>>;
  readonly events: readonly RunEvent[];
  /** Nodes that changed since this run, with all that they feed. */
  readonly stale: ReadonlySet<string>;
  /** The newest runs of this pipeline. */
  readonly recent: readonly RunSummary[];
  readonly line: "idle" | "online" | "offline";
  readonly starting: boolean;
}

export const NO_STALE: ReadonlySet<string> = new Set<string>();
export const NO_RUN = {
  run: null,
  steps: {},
  groups: {},
  watched: null,
  inner: {},
  events: [],
  stale: NO_STALE,
  line: "idle",
} as const;
export const runStore = createStore<RunOnCanvas>(() => ({ ...NO_RUN, recent: [], starting: false }));
export const useRun = <T>(select: (state: RunOnCanvas) => T): T => useStore(runStore, select);

/** The state of a node at any depth: of one within an iteration, only while that is looked into. */
export const stepOf = (state: RunOnCanvas, node: string): StepState | undefined =>
  state.steps[node] ?? state.inner[node];
