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

/** What comes with every edit, and what is said of columns a moment later. */
let structural: ProblemTable = {};
let ofColumns: ProblemTable = {};

/** Take in what the server says of some nodes, or of all. */
export function setProblems(problems: ProblemTable, whole: boolean, document: Document): void {
  structural = still(whole ? problems : { ...structural, ...problems }, document);
  show(document);
}

/** Take in which columns are missing, of all nodes. */
export function setColumnProblems(problems: ProblemTable, document: Document): void {
  ofColumns = problems;
  show(document);
}

function still(problems: ProblemTable, document: Document): ProblemTable {
  const there = (node: string) => node === "" || node in document.nodes || node.startsWith("$inputs.");
  return Object.fromEntries(
    Object.entries(problems).filter(([node, list]) => there(node) && list.length > 0),
  );
}

function show(document: Document): void {
  const byNode: Record<string, readonly Problem[]> = { ...structural };
  for (const [node, list] of Object.entries(still(ofColumns, document)))
    byNode[node] = structural[node] ? [...structural[node], ...list] : list;
  const all = Object.values(byNode).flat();
  problemStore.setState({
    byNode,
    total: all.length,
    errors: all.filter((problem) => problem.severity === "error").length,
  });
}
