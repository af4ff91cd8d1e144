import { useMemo } from "react";

import { topological } from "../../graph/order.ts";
import { isActive, isEnded, statusLook, toneColor } from "../../run/status.ts";
import { useNow } from "../../run/clock.ts";
import { elapsed, formatDuration } from "../../run/duration.ts";
import { StatusGlyph } from "../../run/StatusGlyph.tsx";
import type { RunEvent } from "../../run/types.ts";
import { clock } from "../../lib/format.ts";
import { showNode } from "../actions/focus.ts";
import { useRun } from "../state/run.ts";
import { select, useUi } from "../state/ui.ts";

/** When each step ran, on rows in the outline's order, and every event as it came. */
export function RunLog() {
  const run = useRun((state) => state.run);
  const steps = useRun((state) => state.steps);
  const events = useRun((state) => state.events);
  const live = run !== null && !isEnded(run.status);
  const now = useNow(live, 500);
  const graph = run?.document;
  const rows = useMemo(
    () =>
      graph ? topological(graph).filter((id) => id in graph.nodes && graph.nodes[id]!.kind !== "data") : [],
    [graph],
  );
  if (!run)
    return <p className="drawer__empty">No run is shown. Press Run, or choose one from the list of runs.</p>;
  const start = Date.parse(run.started_at ?? run.created_at);
  const end = run.ended_at ? Date.parse(run.ended_at) : now;
  const span = Math.max(1, end - start);
  return (
    <div className="run-log">
      <div
        className="gantt"
        role="table"
        aria-label={`Durations of run ${run.id}, ${formatDuration(span)} in all`}
      >
        <div className="gantt__axis" aria-hidden="true">
          {[0, 0.25, 0.5, 0.75, 1].map((share) => (
            <span key={share} style={{ left: `${share * 100}%` }}>
              {formatDuration(span * share)}
            </span>
          ))}
        </div>
        {rows.map((id) => {
          const step = steps[id];
          const from = step?.started_at ? (Date.parse(step.started_at) - start) / span : null;
          const took = step ? elapsed(step.started_at, step.ended_at, now) : null;
          return (
            <GanttRow
              key={id}
              id={id}
              title={run.document.nodes[id]?.title ?? id}
              from={from}
              share={took === null ? 0 : took / span}
              took={took === null ? "" : formatDuration(took)}
              colour={step ? toneColor(statusLook(step.status).tone) : ""}
              active={step ? isActive(step.status) : false}
            />
          );
        })}
      </div>
      <ol className="event-list" aria-label="Events">
        {events.map((event) => (
          <li key={event.seq}>
            <time dateTime={event.at}>{clock(event.at)}</time>
            <EventLine event={event} titleOf={(id) => run.document.nodes[id]?.title ?? id} />
          </li>
        ))}
      </ol>
    </div>
  );
}

interface GanttProps {
  id: string;
  title: string;
  from: number | null;
  share: number;
  took: string;
  colour: string;
  active: boolean;
}

function GanttRow({ id, title, from, share, took, colour, active }: GanttProps) {
  const selected = useUi((ui) => ui.selection.has(id));
  const left = Math.min(1, Math.max(0, from ?? 0));
  return (
    <div className={`gantt__row${selected ? " is-selected" : ""}`} role="row">
      <span role="rowheader" className="gantt__name">
        <button
          type="button"
          onClick={() => {
            select([id]);
            showNode(id);
          }}
        >
          {title}
        </button>
      </span>
      <span role="cell" className="gantt__lane" aria-label={took || "not started"}>
        {from !== null && (
          <span
            className={`gantt__bar${active ? " is-active" : ""}`}
            style={{
              left: `${left * 100}%`,
              width: `${Math.max(0.3, Math.min(1 - left, share) * 100)}%`,
              background: colour,
            }}
          />
        )}
        <span className="gantt__took" style={{ left: `${Math.min(1, left + share) * 100}%` }}>
          {took}
        </span>
      </span>
    </div>
  );
}

function EventLine({ event, titleOf }: { event: RunEvent; titleOf: (id: string) => string }) {
  switch (event.type) {
    case "run.status":
      return (
        <span>
          Run <StatusGlyph status={event.data.status} size={14} /> {event.data.message}
        </span>
      );
    case "step.status":
      return (
        <span>
          {titleOf(event.data.node)}{" "}
          <StatusGlyph status={event.data.status} reused={event.data.reused} size={14} /> {event.data.message}
        </span>
      );
    case "step.output":
      return (
        <span>
          {titleOf(event.data.node)} made <em>{event.data.artifact.output}</em>
        </span>
      );
    default:
      return null;
  }
}
