/** What is unfinished, by node id; "" is the pipeline itself. */

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

import type { Document, Problem } from "../../graph/types.ts";
import type { ProblemTable } from "../protocol/messages.ts";

export interface ProblemState {
  readonly byNode: ProblemTable;
  readonly errors: number;
  readonly total: number;
}

export const problemStore = createStore<ProblemState>(() => ({ byNode: {}, errors: 0, total: 0 }));
export const useProblems = <T>(select: (state: ProblemState) => T): T => useStore(problemStore, select);

export const NONE: readonly Problem[] = [];

/** Take in what the server says of some nodes, or of all. */
export function setProblems(problems: ProblemTable, whole: boolean, document: Document): void {
  const byNode: Record<string, readonly Problem[]> = {};
  for (const [node, list] of Object.entries(
    whole ? problems : { ...problemStore.getState().byNode, ...problems },
  )) {
    const there = node === "" || node in document.nodes || node.startsWith("$inputs.");
    if (there && list.length > 0) byNode[node] = list;
  }
  const all = Object.values(byNode).flat();
  problemStore.setState({
    byNode,
    total: all.length,
    errors: all.filter((problem) => problem.severity === "error").length,
  });
}
