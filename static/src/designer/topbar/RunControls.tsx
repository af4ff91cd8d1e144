import { isEnded } from "../../run/status.ts";
import { StatusGlyph } from "../../run/StatusGlyph.tsx";
import { ApiError } from "../../lib/api.ts";
import { Icon } from "../../lib/Icon.tsx";
import { askToRun, cancelRun } from "../actions/run.ts";
import { app } from "../app.ts";
import { useDoc } from "../state/doc.ts";
import { useRun } from "../state/run.ts";
import { notify } from "../state/ui.ts";

/** Run, and Stop while something runs; over a finished graph, the way back to its pipeline. */
export function RunControls() {
  const { boot } = app();
  const run = useRun((state) => state.run);
  const starting = useRun((state) => state.starting);
  const ready = useDoc((doc) => doc.loaded && doc.line !== "refused" && !doc.frozen);
  const running = run !== null && !isEnded(run.status);
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
        {run && <StatusGlyph status={run.status} />}
        {stop}
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
  return (
    <>
      {stop}
      <button
        type="button"
        className="btn btn--primary"
        data-testid="run-button"
        disabled={!ready || starting || !boot.user.can_run}
        title={
          boot.user.can_run
            ? "Run the pipeline (Ctrl+Enter)"
            : "You may look at this pipeline, but not run it"
        }
        onClick={askToRun}
      >
        <Icon name="play" size={14} />
        {starting ? "Starting…" : "Run"}
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
