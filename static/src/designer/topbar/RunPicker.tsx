import { elapsed, formatDuration } from "../../run/duration.ts";
import { StatusGlyph } from "../../run/StatusGlyph.tsx";
import { statusLook } from "../../run/status.ts";
import { ago } from "../../lib/format.ts";
import { Icon } from "../../lib/Icon.tsx";
import { chooseRun } from "../actions/run.ts";
import { app } from "../app.ts";
import type { MenuItem } from "../menu/menuStore.ts";
import { openMenu } from "../menu/menuStore.ts";
import { loadRecent } from "../runs/follow.ts";
import { runStore, useRun } from "../state/run.ts";

const ICONS: Readonly<Record<string, string>> = {
  completed: "circle-check",
  failed: "octagon-x",
  running: "loader-circle",
  queued: "ellipsis",
  idle: "circle-slash",
  warning: "triangle-alert",
};

function items(): (MenuItem | "-")[] {
  const { recent, run } = runStore.getState();
  const list: (MenuItem | "-")[] = recent.slice(0, 12).map((each) => {
    const look = statusLook(each.id === run?.id ? run.status : each.status);
    const took = elapsed(each.started_at, each.ended_at, Date.now());
    return {
      label: `Run #${each.id} · ${look.word}`,
      note: `${ago(each.created_at)}${took === null ? "" : ` · ${formatDuration(took)}`}`,
      icon: ICONS[look.tone] ?? "circle",
      checked: each.id === run?.id,
      do: () => void chooseRun(each.id),
    };
  });
  list.push("-", {
    label: "No run",
    icon: "eye",
    note: "Show the pipeline alone",
    checked: run === null,
    do: () => void chooseRun(null),
  });
  list.push({
    label: "All runs of this pipeline",
    icon: "history",
    do: () => location.assign(`${app().boot.pages}runs/?pipeline=${app().boot.pipeline?.id ?? ""}`),
  });
  return list;
}

/** Which run's statuses lie over the canvas. */
export function RunPicker() {
  const run = useRun((state) => state.run);
  const count = useRun((state) => state.recent.length);
  const { boot } = app();
  if (!run && count === 0) return null;
  return (
    <div className="run-picker" role="group" aria-label="Run on the canvas">
      <button
        type="button"
        className="btn"
        aria-haspopup="menu"
        data-testid="run-picker"
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          openMenu(items(), { x: box.left, y: box.bottom + 4 }, "Run on the canvas");
          void loadRecent().catch(() => undefined);
        }}
      >
        {run ? (
          <>
            #{run.id}
            <StatusGlyph status={run.status} size={14} />
          </>
        ) : (
          <>
            <Icon name="history" size={14} />
            Runs
          </>
        )}
        <Icon name="chevron-down" size={14} />
      </button>
      {run && (
        <a
          className="btn-icon"
          href={`${boot.pages}runs/${run.id}/`}
          aria-label={`Open the page of run ${run.id}`}
          title="Open the run's page"
        >
          <Icon name="external-link" size={14} />
        </a>
      )}
    </div>
  );
}
