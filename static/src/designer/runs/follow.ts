/** Laying one run over the canvas and following it. */

import { staleNodes } from "../../graph/compare.ts";
import { wholeDocument } from "../../graph/whole.ts";
import { openRunSocket } from "../../run/runSocket.ts";
import { isEnded, statusLook } from "../../run/status.ts";
import type { RunEvent } from "../../run/types.ts";
import { app } from "../app.ts";
import { docStore } from "../state/doc.ts";
import type { Run, RunSummary } from "../state/run.ts";
import { NO_RUN, NO_STALE, runStore } from "../state/run.ts";
import { keepGraphs } from "../groups/graphs.ts";
import { announce, setUi } from "../state/ui.ts";
import { formatDuration, elapsed } from "../../run/duration.ts";
import { countGroups } from "./groups.ts";
import { inIteration, reduce } from "./reduce.ts";

let waiting: RunEvent[] = [];
/** All events of the shown run, for its replay; and whether the canvas shows another moment than now. */
let log: RunEvent[] = [];
let held = false;

export const eventLog = (): readonly RunEvent[] => log;

/** While a run is replayed, what happens now is kept and not shown. */
export function holdRun(hold: boolean): void {
  held = hold;
}
let frame = 0;
let saidAt = 0;

/** Events of one frame are taken in at once, so that each node is rendered once however many there were. */
function take(events: RunEvent[]): void {
  if (held) return;
  waiting.push(...events);
  if (!frame) frame = requestAnimationFrame(flush);
}

export function flush(): void {
  frame = 0;
  const events = waiting;
  waiting = [];
  const { run, steps, groups, watched, inner, events: before } = runStore.getState();
  const fresh = run ? events.filter((event) => event.seq > run.seq) : [];
  if (!run || fresh.length === 0) return;
  const next = reduce({ run, steps, groups, watched, inner }, fresh);
  const kept = fresh.filter(isLogged);
  runStore.setState({ ...next, events: kept.length > 0 ? [...before, ...kept] : before });
  say(run, next.run, fresh);
}

/** What the run's list of events shows: not how far a step is, and not the many steps of iterations. */
export function isLogged({ type, data }: RunEvent): boolean {
  if (type === "run.status") return true;
  return (type === "step.status" || type === "step.output") && !inIteration(data.node);
}

/** Failures at once, the rest at most every five seconds. */
function say(before: Run, now: Run, events: readonly RunEvent[]): void {
  const title = (node: string) => now.document.nodes[node]?.title ?? node;
  for (const event of events) {
    if (event.type === "step.status" && event.data.status === "Failed" && !inIteration(event.data.node)) {
      announce(`${title(event.data.node)} failed. ${event.data.message}`, true);
    }
  }
  if (now.status !== before.status && isEnded(now.status)) {
    const took = formatDuration(elapsed(now.started_at, now.ended_at, Date.now()));
    announce(
      `Run ${now.id} ${statusLook(now.status).word.toLowerCase()} after ${took}.`,
      now.status === "Failed",
    );
    const recent = runStore.getState().recent.map((each) => (each.id === now.id ? summary(now) : each));
    runStore.setState({ recent });
  } else if (Date.now() - saidAt > 5000) {
    const states = Object.values(runStore.getState().steps);
    const done = states.filter((step) => isEnded(step.status)).length;
    saidAt = Date.now();
    announce(`${done} of ${states.length} steps done.`);
  }
}

const summary = (run: Run): RunSummary => run;

/** Show a run over the canvas, and follow it while it is not over. */
export async function showRun(id: number): Promise<Run> {
  const run = await app().api.get<Run>(`runs/${id}/`);
  const whole: Run = { ...run, document: wholeDocument(run.document) };
  keepGraphs(run.graphs ?? {}, run.components);
  leave();
  setUi({ iteration: null });
  runStore.setState({
    ...NO_RUN,
    run: whole,
    steps: run.steps,
    groups: countGroups(run.steps),
    events: [],
  });
  markStale();
  // From the first event on: the log panel shows them all.
  const socket = openRunSocket(app().boot.ws, id, {
    after: 0,
    onEvents: (events) => {
      const { seq } = whole;
      const last = log.at(-1)?.seq ?? 0;
      log.push(...events.filter((event) => event.seq > last));
      if (held) return;
      const old = events.filter((event) => event.seq <= seq && isLogged(event));
      if (old.length > 0) runStore.setState({ events: [...runStore.getState().events, ...old] });
      take(events);
    },
    onState: (connected) => runStore.setState({ line: connected ? "online" : "offline" }),
  });
  app().runSocket = socket;
  return whole;
}

function leave(): void {
  app().runSocket?.close();
  app().runSocket = null;
  waiting = [];
  log = [];
  for (const hear of leaving) hear();
}

const leaving: (() => void)[] = [];

/** Call this whenever another run, or none, is shown. */
export function whenLeft(hear: () => void): void {
  leaving.push(hear);
}

export function hideRun(): void {
  leave();
  runStore.setState(NO_RUN);
}

let staleTimer: ReturnType<typeof setTimeout> | undefined;

function markStale(): void {
  const { run, stale } = runStore.getState();
  if (!run || app().boot.mode === "run") return;
  const next = staleNodes(docStore.getState().document, run.document);
  const same = next.size === stale.size && [...next].every((id) => stale.has(id));
  if (!same) runStore.setState({ stale: next.size === 0 ? NO_STALE : next });
}

/** Keep the marks of what changed since the shown run. */
export function watchStale(): void {
  docStore.subscribe((now, before) => {
    if (now.document === before.document || !runStore.getState().run) return;
    clearTimeout(staleTimer);
    staleTimer = setTimeout(markStale, 120);
  });
}

interface Page {
  results: RunSummary[];
}

export async function loadRecent(): Promise<readonly RunSummary[]> {
  const { pipeline } = app().boot;
  if (!pipeline) return [];
  const page = await app().api.get<Page | RunSummary[]>(`pipelines/${pipeline.id}/runs/`);
  const recent = Array.isArray(page) ? page : page.results;
  runStore.setState({ recent });
  return recent;
}
