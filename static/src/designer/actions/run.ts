/** Running the pipeline. */

import { uuid } from "../../graph/ids.ts";
import type { Scalar } from "../../graph/types.ts";
import { ApiError } from "../../lib/api.ts";
import { plural } from "../../lib/format.ts";
import { isEnded } from "../../run/status.ts";
import { app } from "../app.ts";
import type { ProblemTable } from "../protocol/messages.ts";
import { hideRun, loadRecent, showRun } from "../runs/follow.ts";
import { isReplaying } from "../runs/replay.ts";
import { pastStore } from "../history/pastStore.ts";
import { docStore } from "../state/doc.ts";
import { problemStore, setProblems } from "../state/problems.ts";
import type { RunSummary } from "../state/run.ts";
import { runStore } from "../state/run.ts";
import { announce, notify, setUi } from "../state/ui.ts";
import { showProblem } from "./focus.ts";

export type Values = Readonly<Record<string, Scalar | { asset: string }>>;

/** Part of a graph: up to a node, from a node on, or what did not complete in an earlier run. */
export type Only = { to: string } | { from: string } | { failed_of: number };

export interface RunMode {
  readonly only?: Only;
  /** Reuse nothing. */
  readonly force_rerun?: boolean;
  /** The pipeline as it was then, not the draft. */
  readonly revision?: number;
}

/** Run, or ask for the pipeline's inputs first. */
export function askToRun(mode: RunMode = {}): void {
  const { boot, session } = app();
  if (!session || !boot.user.can_run || runStore.getState().starting) return;
  if (mode.revision === undefined && pastStore.getState().document !== null)
    return notify("This is the past: go back to now to run the pipeline, or choose “Run this”.");
  if (isReplaying()) return notify("This is a replay: end it to run the pipeline.");
  const { document } = docStore.getState();
  if (mode.revision === undefined && problemStore.getState().errors > 0) return showBlockers();
  if (Object.keys(document.inputs).length > 0) setUi({ dialog: "run", runMode: mode });
  else void startRun({}, mode);
}

function showBlockers(): void {
  const { byNode, errors } = problemStore.getState();
  const first = Object.values(byNode)
    .flat()
    .find((problem) => problem.severity === "error");
  setUi({ drawer: "problems" });
  notify(`Not ready to run: ${plural(errors, "problem")} to solve first.`, first?.node || null);
  if (first) showProblem(first);
}

export async function startRun(inputs: Values, mode: RunMode = {}): Promise<boolean> {
  const { session } = app();
  if (!session) return false;
  runStore.setState({ starting: true });
  try {
    const rev = await session.flush();
    await submit({ rev, inputs, ...mode });
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 422 && error.body.problems) {
      setProblems(error.body.problems as ProblemTable, true, docStore.getState().document);
      showBlockers();
    } else {
      notify(`The run could not start. ${error.message}`);
    }
    return false;
  } finally {
    runStore.setState({ starting: false });
  }
}

/** A new run of an earlier run's graph, in which what completed there is not run again. */
export async function rerunFailed(id: number): Promise<void> {
  if (runStore.getState().starting) return;
  runStore.setState({ starting: true });
  try {
    await submit({ rev: null, inputs: {}, only: { failed_of: id } });
  } catch (error) {
    notify(`The run could not start. ${error instanceof ApiError ? error.message : ""}`);
  } finally {
    runStore.setState({ starting: false });
  }
}

/** Send a run off and show it: here over the draft, or on its own page. */
async function submit(what: { rev: number | null; inputs: Values } & RunMode): Promise<void> {
  const { api, boot } = app();
  const pipeline = boot.pipeline?.id ?? runStore.getState().run?.pipeline.id;
  const run = await api.post<RunSummary>(`pipelines/${pipeline}/runs/`, { request_id: uuid(), ...what });
  if (boot.mode === "run") return location.assign(`${boot.pages}runs/${run.id}/`);
  announce(`Run ${run.id} has started.`);
  await showRun(run.id);
  rememberRun(run.id);
  void loadRecent();
}

export async function cancelRun(): Promise<void> {
  const { run } = runStore.getState();
  if (!run || isEnded(run.status)) return;
  try {
    await app().api.post(`runs/${run.id}/cancel/`);
    announce(`Canceling run ${run.id}.`);
  } catch (error) {
    notify(`The run could not be canceled. ${error instanceof ApiError ? error.message : ""}`);
  }
}

/** Show a run over the canvas, or none. */
export async function chooseRun(id: number | null): Promise<void> {
  if (id === null) {
    hideRun();
    return rememberRun(null);
  }
  try {
    await showRun(id);
    rememberRun(id);
  } catch (error) {
    notify(`Run ${id} could not be loaded. ${error instanceof ApiError ? error.message : ""}`);
  }
}

const NONE = "none";

/** `?run=41`, or `?run=none`, in the address, so that a refresh shows the same again. */
function rememberRun(id: number | null): void {
  if (app().boot.mode === "run") return;
  const search = new URLSearchParams(location.search);
  search.set("run", id === null ? NONE : String(id));
  history.replaceState(history.state, "", `${location.pathname}?${search.toString()}${location.hash}`);
}

/** On arrival: the run of the address, else the newest, so that the draft shows what became of it last. */
export async function resumeRun(): Promise<void> {
  const asked = new URLSearchParams(location.search).get("run");
  const recent = await loadRecent().catch(() => []);
  if (asked === NONE) return;
  const id = Number(asked) || recent[0]?.id;
  if (id === undefined) return;
  try {
    await showRun(id);
  } catch (error) {
    notify(`Run ${id} could not be loaded. ${error instanceof ApiError ? error.message : ""}`);
  }
}
