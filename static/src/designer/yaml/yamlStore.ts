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

/** What the text and the canvas both changed. */
export interface Conflict {
  readonly what: string;
  readonly mine: string;
  readonly theirs: string;
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
  /** What somebody must choose between before the text is applied. */
  readonly conflicts: readonly Conflict[];
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
  conflicts: [],
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
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void load(), AFTER_EDIT);
  };
  const stop = docStore.subscribe((now, before) => {
    if (now.rev !== before.rev) again();
  });
  addEventListener("portline:text", again);
  return () => {
    stop();
    removeEventListener("portline:text", again);
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
    yamlStore.setState({ base: served, mine: served.text, theirs: null, conflicts: [], error: "" });
    void check();
  }
}

/** What is typed; looked at once one pauses. */
export function typed(text: string): void {
  yamlStore.setState({ mine: text, conflicts: [], error: "" });
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
  yamlStore.setState({ base: next, mine: next.text, theirs: null, conflicts: [], error: "" });
  void check();
}

/**
 * Change the draft as the text was changed. What the canvas became meanwhile stays; where both changed the same, the
 * server asks whose holds, and so does the panel.
 */
export async function applyMine(prefer?: "mine" | "theirs"): Promise<void> {
  const state = yamlStore.getState();
  const { session } = app();
  if (!session || !state.base || !isEdited(state) || state.applying || !docStore.getState().editable) return;
  const [op_id, text, base_text] = [uuid(), state.mine, state.base.text];
  yamlStore.setState({ applying: true, conflicts: [], error: "" });
  session.expect(op_id, "Edit the YAML");
  try {
    await session.flush();
    const sent = { text, base_text, op_id, ...(prefer && { prefer }) };
    const served = await app().api.put<Served>(at(), sent);
    const { mine } = yamlStore.getState();
    yamlStore.setState({ base: served, mine: mine === text ? served.text : mine, theirs: null });
    announce("The YAML was applied.");
    void check();
  } catch (error) {
    refused(error);
  } finally {
    yamlStore.setState({ applying: false });
  }
}

function refused(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
  const { faults, conflicts } = error.body;
  if (Array.isArray(faults)) yamlStore.setState({ faults: faults as Fault[] });
  else if (Array.isArray(conflicts)) yamlStore.setState({ conflicts: conflicts as Conflict[] });
  else return fail(error);
  announce(error.message, true);
}

function fail(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
  yamlStore.setState({ error: error.message });
}
