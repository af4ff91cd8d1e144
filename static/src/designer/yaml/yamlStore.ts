/** The draft as text: what the server has, what was typed, and what is wrong with that. */

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

import { uuid } from "../../graph/ids.ts";
import { ApiError } from "../../lib/api.ts";
import { app } from "../app.ts";
import { docStore } from "../state/doc.ts";
import { announce } from "../state/ui.ts";

export interface Fault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

interface Served {
  readonly text: string;
  readonly file: string;
  readonly losses: readonly string[];
  readonly rev: number;
}

export interface YamlState {
  /** What was last read from the server, and so what edits begin from; null before the first. */
  readonly base: Served | null;
  /** What stands in the editor. */
  readonly mine: string;
  /** What the canvas became while there are unsent edits; null as long as it is still `base`. */
  readonly theirs: Served | null;
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  readonly applying: boolean;
  /** Why something could not be done; empty if it could. */
  readonly error: string;
}

const EMPTY: YamlState = {
  base: null,
  mine: "",
  theirs: null,
  faults: [],
  warnings: [],
  applying: false,
  error: "",
};
const AFTER_TYPING = 500;
const AFTER_EDIT = 120;

export const yamlStore = createStore<YamlState>(() => EMPTY);
export const useYaml = <T>(select: (state: YamlState) => T): T => useStore(yamlStore, select);
export const isEdited = ({ base, mine }: YamlState): boolean => base !== null && mine !== base.text;

const at = (): string => `pipelines/${app().boot.pipeline!.id}/yaml/`;
let checking: ReturnType<typeof setTimeout> | undefined;

/** Follow the draft from here on; gives the way to stop. Unsent text is kept until the panel opens again. */
export function followDraft(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  void load();
  const stop = docStore.subscribe((now, before) => {
    if (now.rev === before.rev) return;
    clearTimeout(timer);
    timer = setTimeout(() => void load(), AFTER_EDIT);
  });
  return () => {
    stop();
    clearTimeout(timer);
    clearTimeout(checking);
  };
}

async function load(): Promise<void> {
  try {
    arrived(await app().api.get<Served>(at()));
  } catch (error) {
    fail(error);
  }
}

function arrived(served: Served): void {
  const state = yamlStore.getState();
  // Answers may overtake each other.
  if (state.base && served.rev < state.base.rev) return;
  if (isEdited(state) && served.text !== state.mine) {
    if (served.text === state.base?.text) yamlStore.setState({ base: served, theirs: null });
    else yamlStore.setState({ theirs: served });
  } else {
    yamlStore.setState({ base: served, mine: served.text, theirs: null, error: "" });
    void check();
  }
}

/** What is typed; looked at once one pauses. */
export function typed(text: string): void {
  yamlStore.setState({ mine: text, error: "" });
  clearTimeout(checking);
  checking = setTimeout(() => void check(), AFTER_TYPING);
}

async function check(): Promise<void> {
  const { mine } = yamlStore.getState();
  try {
    const found = await app().api.post<{ faults: Fault[]; warnings: Fault[] }>(`${at()}check/`, {
      text: mine,
    });
    if (yamlStore.getState().mine === mine) yamlStore.setState(found);
  } catch (error) {
    fail(error);
  }
}

/** Forget what was typed, and show what the canvas has. */
export function takeTheirs(): void {
  const { base, theirs } = yamlStore.getState();
  const next = theirs ?? base;
  if (!next) return;
  yamlStore.setState({ base: next, mine: next.text, theirs: null, error: "" });
  void check();
}

/** Make the draft what the text says. What the canvas became meanwhile is replaced: a bar has said so. */
export async function applyMine(): Promise<void> {
  const state = yamlStore.getState();
  const { session } = app();
  if (!session || !state.base || !isEdited(state) || state.applying || !docStore.getState().editable) return;
  const [opId, text] = [uuid(), state.mine];
  yamlStore.setState({ applying: true, error: "" });
  session.expect(opId, "Edit the YAML");
  try {
    await session.flush();
    const { base, theirs } = yamlStore.getState();
    const known = theirs ?? base ?? state.base;
    const { rev } = await app().api.put<{ rev: number }>(at(), { text, base_rev: known.rev, op_id: opId });
    yamlStore.setState({ base: { ...known, text, rev }, theirs: null });
    announce("The YAML was applied.");
  } catch (error) {
    if (error instanceof ApiError && Array.isArray(error.body.faults)) {
      yamlStore.setState({ faults: error.body.faults as Fault[] });
      announce(error.message, true);
    } else fail(error);
    if (error instanceof ApiError && error.status === 409) void load();
  } finally {
    yamlStore.setState({ applying: false });
  }
}

function fail(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
  yamlStore.setState({ error: error.message });
}
