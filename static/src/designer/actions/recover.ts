/** Going on after a run that failed or was canceled. */

import { ApiError } from "../../lib/api.ts";
import type { StepState } from "../../run/types.ts";
import { app } from "../app.ts";
import { showRun } from "../runs/follow.ts";
import type { Run } from "../state/run.ts";
import { runStore } from "../state/run.ts";
import { announce, notify, setUi } from "../state/ui.ts";
import { rerunFailed } from "./run.ts";

export const canRecover = (run: Run | null): run is Run =>
  run !== null && (run.status === "Failed" || run.status === "Canceled");

/** What stays and what runs again. Groups are not counted, their steps are. */
function shares(steps: Readonly<Record<string, StepState>>): string {
  const { groups } = runStore.getState();
  const states = Object.values(steps).filter(({ node }) => !(node in groups));
  const count = (...wanted: string[]) => states.filter(({ status }) => wanted.includes(status)).length;
  const done = count("Completed");
  const again = count("Failed", "Canceled", "NotStarted", "Queued");
  const stays =
    done === 0
      ? "nothing had completed"
      : done === 1
        ? "1 completed step stays as it is"
        : `${done} completed steps stay as they are`;
  const runs = again === 1 ? "1 step runs again" : `${again} steps run again`;
  return `${stays}, ${runs}${count("Skipped") > 0 ? ", and what was skipped is decided anew" : ""}`;
}

export function askToResume(): void {
  const { run, steps } = runStore.getState();
  if (!canRecover(run) || !app().boot.user.can_run) return;
  setUi({
    dialog: "confirm",
    confirm: {
      title: `Resume run ${run.id}?`,
      text: `The same run goes on, with its graph and inputs as they were: ${shares(steps)}.`,
      button: "Resume",
      icon: "play",
      do: () => void resume(run.id),
    },
  });
}

async function resume(id: number): Promise<void> {
  try {
    await app().api.post(`runs/${id}/resume/`);
    await showRun(id);
    announce(`Run ${id} goes on.`);
  } catch (error) {
    notify(`Run ${id} could not be resumed. ${error instanceof ApiError ? error.message : ""}`);
  }
}

export function askToRerunFailed(): void {
  const { run, steps } = runStore.getState();
  if (!canRecover(run) || !app().boot.user.can_run) return;
  const draft = app().boot.mode === "edit" ? " Changes made to the draft since then are not part of it." : "";
  setUi({
    dialog: "confirm",
    confirm: {
      title: `Rerun what failed in run ${run.id}?`,
      text: `A new run of that run's graph starts: ${shares(steps)}.${draft}`,
      button: "Rerun failed",
      icon: "rotate-cw",
      do: () => void rerunFailed(run.id),
    },
  });
}
