import { isEnded } from "../../run/status.ts";
import { StatusGlyph } from "../../run/StatusGlyph.tsx";
import { ApiError } from "../../lib/api.ts";
import { Icon } from "../../lib/Icon.tsx";
import { askToRerunFailed, askToResume, canRecover } from "../actions/recover.ts";
import { askToRun, cancelRun } from "../actions/run.ts";
import { app } from "../app.ts";
import type { MenuItem } from "../menu/menuStore.ts";
import { openMenu } from "../menu/menuStore.ts";
import { usePast } from "../history/pastStore.ts";
import { useReplay } from "../runs/replay.ts";
import { docStore, useDoc } from "../state/doc.ts";
import { runStore, useRun } from "../state/run.ts";
import { notify, onlySelected, uiStore } from "../state/ui.ts";

/** Run, and Stop while something runs; over a finished graph, the way back to its pipeline. A replay acts on nothing. */
export function RunControls() {
  const { boot } = app();
  const run = useRun((state) => state.run);
  const starting = useRun((state) => state.starting);
  const ready = useDoc((doc) => doc.loaded && doc.line !== "refused" && !doc.frozen);
  const past = usePast((state) => state.document !== null);
  const replaying = useReplay((state) => state.at !== null);
  const running = run !== null && !replaying && !isEnded(run.status);
  const stop = running && boot.user.can_run && (
    <button
      type="button"
      className="btn"
      disabled={run.status === "CancelRequested"}
      data-testid="stop-button"
      onClick={() => void cancelRun()}
    >
      <Icon name="square" size={14} />
      {boot.mode === "run" ? "Cancel" : "Stop"}
    </button>
  );
  if (boot.mode === "run") {
    return (
      <>
        {run && !replaying && <StatusGlyph status={run.status} />}
        {stop}
        {!replaying && <Recovery />}
        {run && (
          <a className="btn" href={`${boot.pages}pipelines/${run.pipeline.id}/`}>
            <Icon name="workflow" size={14} />
            Open pipeline
          </a>
        )}
        {run && boot.user.can_edit && (
          <button type="button" className="btn" onClick={() => void clone(run.pipeline.id)}>
            <Icon name="copy-plus" size={14} />
            Clone
          </button>
        )}
      </>
    );
  }
  const blocked = !ready || past || replaying || starting || !boot.user.can_run;
  return (
    <>
      {stop}
      {!replaying && <Recovery />}
      <div className="split-button" role="group" aria-label="Run">
        <button
          type="button"
          className="btn btn--primary"
          data-testid="run-button"
          disabled={blocked}
          title={
            !boot.user.can_run
              ? "You may look at this pipeline, but not run it"
              : replaying
                ? "End the replay to run the pipeline"
                : "Run the pipeline (Ctrl+Enter)"
          }
          onClick={() => askToRun()}
        >
          <Icon name="play" size={14} />
          {starting ? "Starting…" : "Run"}
        </button>
        <button
          type="button"
          className="btn btn--primary"
          aria-label="More ways to run"
          aria-haspopup="menu"
          title="More ways to run"
          data-testid="run-menu"
          disabled={blocked}
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            openMenu(ways(), { x: box.right - 260, y: box.bottom + 4 }, "Ways to run");
          }}
        >
          <Icon name="chevron-down" size={14} />
        </button>
      </div>
    </>
  );
}

/** All ways to run the draft, and to go on with the run that is shown. */
function ways(): (MenuItem | "-")[] {
  const { document } = docStore.getState();
  const { run } = runStore.getState();
  const chosen = onlySelected(uiStore.getState());
  const node = chosen === null ? undefined : document.nodes[chosen];
  const list: (MenuItem | "-")[] = [
    {
      label: "Run",
      icon: "play",
      keys: "Ctrl Enter",
      note: "Steps that did not change are reused",
      do: () => askToRun(),
    },
  ];
  if (node && node.kind !== "data") {
    list.push(
      {
        label: `Run up to “${node.title}”`,
        icon: "arrow-down-to-line",
        keys: "R",
        do: () => askToRun({ only: { to: node.id } }),
      },
      {
        label: `Run from “${node.title}”`,
        icon: "arrow-right",
        keys: "Shift R",
        do: () => askToRun({ only: { from: node.id } }),
      },
    );
  }
  list.push({
    label: "Run everything anew",
    icon: "rotate-ccw",
    note: "No earlier result is reused",
    do: () => askToRun({ force_rerun: true }),
  });
  if (canRecover(run)) {
    list.push(
      "-",
      { label: `Resume run #${run.id}`, icon: "play", note: "The same run goes on", do: askToResume },
      {
        label: `Rerun what failed in #${run.id}`,
        icon: "rotate-cw",
        note: "A new run of its graph",
        do: askToRerunFailed,
      },
    );
  }
  return list;
}

/** After a failure or a cancellation: go on with it, or begin a new run from it. */
function Recovery() {
  const run = useRun((state) => state.run);
  const starting = useRun((state) => state.starting);
  if (!canRecover(run) || !app().boot.user.can_run) return null;
  return (
    <>
      <button
        type="button"
        className="btn btn--shrinks"
        aria-label="Resume"
        title={`Go on with run ${run.id}: what completed stays`}
        data-testid="resume-button"
        disabled={starting}
        onClick={askToResume}
      >
        <Icon name="play" size={14} />
        <span>Resume</span>
      </button>
      <button
        type="button"
        className="btn btn--shrinks"
        aria-label="Rerun failed"
        title={`A new run in which what completed in run ${run.id} is not run again`}
        data-testid="rerun-failed-button"
        disabled={starting}
        onClick={askToRerunFailed}
      >
        <Icon name="rotate-cw" size={14} />
        <span>Rerun failed</span>
      </button>
    </>
  );
}

async function clone(pipeline: number): Promise<void> {
  const { api, boot } = app();
  try {
    const copy = await api.post<{ id: number }>(`pipelines/${pipeline}/clone/`);
    location.assign(`${boot.pages}pipelines/${copy.id}/`);
  } catch (error) {
    notify(`The pipeline could not be cloned. ${error instanceof ApiError ? error.message : ""}`);
  }
}
