/** The compute targets of the workspace, for those who choose one. */

import { useEffect } from "react";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

import type { Labels } from "../../graph/types.ts";
import { formatBytes } from "../../run/format.ts";
import { app } from "../app.ts";
import { writtenLabels } from "./labels.ts";

export interface Target {
  readonly name: string;
  readonly description: string;
  readonly labels: Labels;
  readonly cpu: number | null;
  readonly memory: number | null;
  readonly gpus: number;
  readonly max_steps: number | null;
}

/** Null: not known yet. */
const store = createStore<{ targets: readonly Target[] | null }>(() => ({ targets: null }));

/** The targets as they are now; asked for each time that somebody begins to look. */
export function useTargets(): readonly Target[] | null {
  useEffect(() => {
    app()
      .api.get<{ results: Target[] }>("compute/?page_size=200")
      .then(({ results }) => store.setState({ targets: results }))
      // The choice that was made stays shown; the others come with the next look.
      .catch(() => undefined);
  }, []);
  return useStore(store, (state) => state.targets);
}

/** What a step gets there, in words. */
export function limitsOf(target: Target): string {
  const parts = [
    target.cpu === null ? "" : `${target.cpu} ${target.cpu === 1 ? "core" : "cores"}`,
    target.memory === null ? "" : formatBytes(target.memory),
    target.gpus > 0 ? `${target.gpus} ${target.gpus === 1 ? "GPU" : "GPUs"}` : "",
    writtenLabels(target.labels),
  ];
  return parts.filter(Boolean).join(" · ");
}
