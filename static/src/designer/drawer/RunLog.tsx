import { useMemo } from "react";

import { topological } from "../../graph/order.ts";
import { RunTimeline } from "../../run/RunTimeline.tsx";
import { StatusGlyph } from "../../run/StatusGlyph.tsx";
import type { RunEvent } from "../../run/types.ts";
import { Icon } from "../../lib/Icon.tsx";
import { clock } from "../../lib/format.ts";
import { showNode } from "../actions/focus.ts";
import { startReplay, useReplay } from "../runs/replay.ts";
import { useRun } from "../state/run.ts";
import { onlySelected, select, useUi } from "../state/ui.ts";

/** When each step ran, on rows in the outline's order, and every event as it came. */
export function RunLog() {
  const run = useRun((state) => state.run);
  const steps = useRun((state) => state.steps);
  const events = useRun((state) => state.events);
  const graph = run?.document;
  const rows = useMemo(
    () =>
      graph ? topological(graph).filter((id) => id in graph.nodes && graph.nodes[id]!.kind !== "data") : [],
    [graph],
  );
  const links = useMemo(
    () => (graph ? [...Object.values(graph.edges), ...Object.values(graph.order)] : []),
    [graph],
  );
  const selected = useUi(onlySelected);
  const at = useReplay((state) => state.at);
  const until = useReplay((state) => state.to);
  const moment = useMemo(() => (at === null ? null : { at, until }), [at, until]);
  if (!run)
    return <p className="drawer__empty">No run is shown. Press Run, or choose one from the list of runs.</p>;
  const titles = Object.fromEntries(Object.values(run.document.nodes).map((node) => [node.id, node.title]));
  return (
    <div className="run-log">
      <div className="run-log__times">
        {moment === null && (
          <button
            type="button"
            className="btn run-log__replay"
            data-testid="replay"
            title="Go through the time of this run on the canvas"
            onClick={startReplay}
          >
            <Icon name="history" size={14} />
            Replay
          </button>
        )}
        <RunTimeline
          steps={steps}
          order={rows}
          edges={links}
          titles={titles}
          startedAt={run.started_at}
          endedAt={run.ended_at}
          moment={moment}
          selected={selected}
          onSelect={(id) => {
            select([id]);
            showNode(id);
          }}
        />
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
