/** Keeping what is known of the data up to date: after each edit that can change it, and after each run. */

import type { Document, GraphNode } from "../../graph/types.ts";
import { isEnded } from "../../run/status.ts";
import { app } from "../app.ts";
import { docStore } from "../state/doc.ts";
import { setColumnProblems } from "../state/problems.ts";
import type { Told } from "../state/results.ts";
import { setResults } from "../state/results.ts";
import { runStore } from "../state/run.ts";

const DELAY = 200;
let timer: ReturnType<typeof setTimeout> | undefined;
let asked = 0;

/** Whether what is known of the data may be another: moves, notes and comments do not count. */
export function changesData(now: Document, before: Document): boolean {
  if (now === before) return false;
  if (now.edges !== before.edges || now.inputs !== before.inputs) return true;
  const ids = Object.keys(now.nodes);
  if (ids.length !== Object.keys(before.nodes).length) return true;
  return ids.some((id) => differs(now.nodes[id]!, before.nodes[id]));
}

function differs(now: GraphNode, before: GraphNode | undefined): boolean {
  if (now === before) return false;
  if (!before || now.kind !== before.kind || now.params !== before.params) return true;
  // Its title stands in what is said of a missing column.
  if (now.title !== before.title || now.settings !== before.settings) return true;
  if (now.kind === "component" && before.kind === "component")
    return now.component !== before.component || now.loop !== before.loop || now.mode !== before.mode;
  return now.kind === "data" && before.kind === "data" && now.asset !== before.asset;
}

export function askSoon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void ask(), DELAY);
}

async function ask(): Promise<void> {
  const { pipeline } = app().boot;
  if (!pipeline) return;
  const number = ++asked;
  try {
    const told = await app().api.get<Told>(`pipelines/${pipeline.id}/results/`);
    if (number !== asked) return;
    setResults(told);
    setColumnProblems(told.problems, docStore.getState().document);
  } catch {
    // Pickers then offer what was known before; the next edit asks again.
  }
}

/** The server answers for what it has: so it is asked when an edit has arrived there, not when it is made. */
export function watchData(): void {
  let last: Document | null = null;
  docStore.subscribe((now) => {
    if (now.rev === null || now.unsent > 0 || now.document === last) return;
    const changed = last === null || changesData(now.document, last);
    last = now.document;
    if (changed) askSoon();
  });
  runStore.subscribe((now, before) => {
    if (now.run && now.run.status !== before.run?.status && isEnded(now.run.status)) askSoon();
  });
}
