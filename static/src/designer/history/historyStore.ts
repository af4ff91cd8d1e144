/** A pipeline's history as lists show it: batches, named versions, runs by revision. */

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

import { app } from "../app.ts";
import { loadRecent } from "../runs/follow.ts";
import type { Person } from "./pastStore.ts";

export interface Batch {
  readonly rev: number;
  readonly at: string;
  readonly user: Person | null;
  readonly words: string;
}

export interface Version {
  readonly id: number;
  readonly name: string;
  readonly note: string;
  readonly rev: number;
  readonly created_by: Person | null;
  readonly created_at: string;
}

export interface HistoryState {
  readonly batches: readonly Batch[];
  /** `before` of the next page, null at the end, undefined while nothing is loaded. */
  readonly next: number | null | undefined;
  readonly versions: readonly Version[];
  /** The revision that is being given a name. */
  readonly naming: number | null;
}

export const historyStore = createStore<HistoryState>(() => ({
  batches: [],
  next: undefined,
  versions: [],
  naming: null,
}));
export const useHistory = <T>(select: (state: HistoryState) => T): T => useStore(historyStore, select);

interface Page {
  readonly results: readonly Batch[];
  readonly next: number | null;
}

const path = (): string => `pipelines/${app().boot.pipeline?.id}/`;

/** The newest page, the versions and the runs; older pages that are there stay. */
export async function loadHistory(): Promise<void> {
  const { api } = app();
  const [page, versions] = await Promise.all([
    api.get<Page>(`${path()}history/`),
    api.get<readonly Version[]>(`${path()}versions/`),
    loadRecent().catch(() => []),
  ]);
  const { batches, next } = historyStore.getState();
  const oldest = page.results.at(-1)?.rev ?? 0;
  const older = batches.filter((batch) => batch.rev < oldest);
  historyStore.setState({
    batches: [...page.results, ...older],
    next: older.length > 0 ? (next ?? null) : page.next,
    versions,
  });
}

export async function loadOlder(): Promise<void> {
  const { next, batches } = historyStore.getState();
  if (next === null || next === undefined) return;
  const page = await app().api.get<Page>(`${path()}history/?before=${next}`);
  historyStore.setState({ batches: [...batches, ...page.results], next: page.next });
}

/** Give a revision a name. Raises ApiError. */
export async function publish(rev: number, name: string, note: string): Promise<void> {
  await app().session?.flush();
  await app().api.post(`${path()}versions/`, { rev, name, note });
  await loadHistory();
}

export async function unpublish(name: string): Promise<void> {
  await app().api.delete(`${path()}versions/${encodeURIComponent(name)}/`);
  await loadHistory();
}

export interface Spell {
  readonly user: Person | null;
  readonly from: string;
  readonly to: string;
  readonly batches: readonly Batch[];
}

const PAUSE = 10 * 60_000;

/** Batches of one person with no long pause between them, newest first. */
export function spellsOf(batches: readonly Batch[]): Spell[] {
  const spells: { user: Person | null; from: string; to: string; batches: Batch[] }[] = [];
  for (const batch of batches) {
    const last = spells.at(-1);
    const near = last && Date.parse(last.from) - Date.parse(batch.at) < PAUSE;
    if (last && near && last.user?.id === batch.user?.id) {
      last.batches.push(batch);
      last.from = batch.at;
    } else spells.push({ user: batch.user, from: batch.at, to: batch.at, batches: [batch] });
  }
  return spells;
}
