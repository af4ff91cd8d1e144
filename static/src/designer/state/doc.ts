/** The document on the canvas, and how it stands with the server. Changed only by the session. */

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

import type { Document, Interface } from "../../graph/types.ts";
import { EMPTY } from "../../graph/types.ts";
import type { Line } from "../protocol/session.ts";

export interface Asset {
  readonly id: number;
  readonly name: string;
  readonly version: string;
  readonly ref: string;
  readonly type: string;
  readonly title: string;
  readonly size: number;
  readonly created_at: string;
}

export interface DocState {
  readonly document: Document;
  readonly rev: number | null;
  readonly line: Line;
  readonly unsent: number;
  readonly frozen: boolean;
  readonly canUndo: string | null;
  readonly canRedo: string | null;
  /** The newest version of every component, for palette and quick-add. */
  readonly components: readonly Interface[];
  readonly assets: readonly Asset[];
  readonly loaded: boolean;
  readonly error: string | null;
  /** May this person change this document now? */
  readonly editable: boolean;
}

export const START: DocState = {
  document: EMPTY,
  rev: null,
  line: "connecting",
  unsent: 0,
  frozen: false,
  canUndo: null,
  canRedo: null,
  components: [],
  assets: [],
  loaded: false,
  error: null,
  editable: false,
};

export const docStore = createStore<DocState>(() => START);
export const useDoc = <T>(select: (state: DocState) => T): T => useStore(docStore, select);
