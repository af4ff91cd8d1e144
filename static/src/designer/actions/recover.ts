/** Going on after a run that failed or was canceled. */

import { ApiError } from "../../lib/api.ts";
import { plural } from "../../lib/format.ts";
import type { StepState } from "../../run/types.ts";
import { app } from "../app.ts";
import { showRun } from "../runs/follow.ts";
import type { Run } from "../state/run.ts";
import { runStore } from "../state/run.ts";
import { announce, notify, setUi } from "../state/ui.ts";
import { rerunFailed } from "./run.ts";

export const canRecover = (run: Run | null): run is Run =>
  run !== null && (run.status === "Failed" || run.status === "Canceled");

/** "5 completed steps" and "3 others": what stays and what runs again. Groups are not counted, their steps are. */
function shares(steps: Readonly<Record<string, StepState>>): { stay: string; again: string } {
  const { groups } = runStore.getState();
  const states = Object.values(steps).filter(({ node }) => !(node in groups));
  const done = states.filter(({ status }) => status === "Completed").length;
  const rest = states.length - done;
  return {
    stay:
      done === 0
        ? "no step had completed"
        : `${plural(done, "completed step")} ${done === 1 ? "stays" : "stay"}`,
    again: rest === 1 ? "1 step runs again" : `${rest} steps run again`,
  };
}

export function askToResume(): void {
  const { run, steps } = runStore.getState();
  if (!canRecover(run) || !app().boot.user.can_run) return;
  const { stay, again } = shares(steps);
  setUi({
    dialog: "confirm",
    confirm: {
      title: `Resume run ${run.id}?`,
      text: `The same run goes on, with its graph and inputs as they were: ${stay}, ${again}.`,
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
  const { stay, again } = shares(steps);
  const draft = app().boot.mode === "edit" ? " Changes made to the draft since then are not part of it." : "";
  setUi({
    dialog: "confirm",
    confirm: {
      title: `Rerun what failed in run ${run.id}?`,
      text: `A new run of that run's graph starts: ${stay} as it is, ${again}.${draft}`,
      button: "Rerun failed",
      icon: "rotate-cw",
      do: () => void rerunFailed(run.id),
    },
  });
}
