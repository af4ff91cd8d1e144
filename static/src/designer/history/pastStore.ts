/** What is looked at instead of the draft: a revision of it, or what differs between two of its states. */

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

import type { Document } from "../../graph/types.ts";
import type { DocState } from "../state/doc.ts";
import { docStore } from "../state/doc.ts";
import type { Change, Marks } from "./marks.ts";
import { NO_MARKS } from "./marks.ts";

export interface Person {
  readonly id: number;
  readonly name: string;
  readonly color: string;
}

export interface Revision {
  readonly rev: number;
  readonly at: string;
  readonly user: Person | null;
}

export interface Side {
  /** As the address has it: `draft`, `12`, `version:NAME`, `run:41`. */
  readonly ref: string;
  readonly label: string;
  readonly rev: number;
  readonly run: number | null;
}

export interface DiffLine {
  readonly kind: "same" | "added" | "removed" | "gap";
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
}

export interface Comparison {
  readonly before: Side;
  readonly after: Side;
  readonly changes: readonly Change[];
  readonly diff: readonly DiffLine[];
  readonly runs: {
    readonly inputs: readonly { name: string; before: unknown; after: unknown }[];
    readonly metrics: readonly {
      node: string;
      metric: string;
      before: number | null;
      after: number | null;
    }[];
  } | null;
}

export interface PastState {
  readonly revision: Revision | null;
  readonly comparison: Comparison | null;
  /** What the canvas shows of it. */
  readonly document: Document | null;
  readonly marks: Marks;
  /** The revision that the scrubber is at, ahead of what is loaded. */
  readonly wanted: number | null;
  readonly busy: boolean;
}

const NOW: PastState = {
  revision: null,
  comparison: null,
  document: null,
  marks: NO_MARKS,
  wanted: null,
  busy: false,
};

export const pastStore = createStore<PastState>(() => NOW);
export const usePast = <T>(select: (state: PastState) => T): T => useStore(pastStore, select);
export const useMark = (id: string): Change | undefined => usePast((past) => past.marks.nodes[id]);
export const useWireMark = (id: string): "added" | "removed" | undefined =>
  usePast((past) => past.marks.wires[id]);

/** The draft as the session has it, kept while something else is on the canvas. */
let live: Partial<DocState> = {};

/** What the page shows of a new state of the draft: nothing new while the past is looked at. */
export function overDraft(state: Partial<DocState>): Partial<DocState> {
  live = state;
  const { document } = pastStore.getState();
  return document === null ? state : { ...state, document, editable: false };
}

/** The draft, whatever is shown. */
export const draftNow = (): Document => live.document ?? docStore.getState().document;

export function showInstead(past: Partial<PastState> & { readonly document: Document }): void {
  pastStore.setState({ ...NOW, ...past });
  docStore.setState({ document: past.document, editable: false });
}

export function showDraft(): void {
  pastStore.setState(NOW);
  docStore.setState(live);
}
