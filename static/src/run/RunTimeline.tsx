import "./base.css";
import "./run-timeline.css";

import {
  type CSSProperties,
  type KeyboardEvent,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";

import { useNow } from "./clock";
import { formatDuration, formatElapsed } from "./duration";
import { rowWindow } from "./log/windowing";
import { Note } from "./parts";
import { isActive, statusLook, toneColor } from "./status";
import { StatusGlyph } from "./StatusGlyph";
import { type Link, type Tick, timeline, type TimelineRow } from "./timeline";
import type { StepState, StepStatus } from "./types";

export interface RunTimelineProps {
  steps: Record<string, StepState>;
  /** Nodes from top to bottom, as the outline has them. */
  order: string[];
  /** The document's wires: they decide the critical path and when a step could have started. */
  edges?: Link[];
  /** What people call a node; its id where there is none. */
  titles?: Record<string, string>;
  startedAt: string | null;
  endedAt: string | null;
  selected: string | null;
  onSelect: (node: string) => void;
  /** The moment that is shown, and where the scale ends: of a replay. Milliseconds since 1970. */
  moment?: { at: number; until: number } | null;
}

const ROW = 30;
const NONE: Link[] = [];

/** A run as bars over time: what ran when, what waited, and which chain of steps decided how long it took. */
export function RunTimeline(props: RunTimelineProps) {
  const { steps, order, edges = NONE, titles, startedAt, endedAt, selected, onSelect, moment = null } = props;
  const real = useNow(startedAt !== null && endedAt === null && moment === null, 500);
  const now = moment?.at ?? real;
  const until = moment?.until;
  const chart = useMemo(
    () =>
      timeline({ steps, order, edges, startedAt, endedAt, now, ...(until === undefined ? {} : { until }) }),
    [steps, order, edges, startedAt, endedAt, now, until],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 400 });

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setView((v) => ({ ...v, height: element.clientHeight })));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const onScroll = useCallback(() => {
    const top = scroller.current?.scrollTop ?? 0;
    setView((v) => (v.top === top ? v : { ...v, top }));
  }, []);

  const go = (index: number) => {
    const row = chart.rows[Math.min(chart.rows.length - 1, Math.max(0, index))];
    const element = scroller.current;
    if (!row || !element) return;
    const top = chart.rows.indexOf(row) * ROW;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW > element.scrollTop + element.clientHeight - HEAD)
      element.scrollTop = top + ROW - element.clientHeight + HEAD;
    onSelect(row.node);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = chart.rows.findIndex((row) => row.node === selected);
    const to: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? 0 : at - 1,
      Home: 0,
      End: chart.rows.length - 1,
      PageDown: at + 10,
      PageUp: at - 10,
    };
    const index = to[event.key];
    if (index === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    go(index);
  };

  if (chart.rows.length === 0)
    return (
      <div className="run-ui">
        <Note icon="timer" title="No steps yet">
          Their times show here once the run has been planned.
        </Note>
      </div>
    );
  const { first, end } = rowWindow(view.top, view.height, ROW, chart.rows.length, 8);
  return (
    <div
      className="run-ui timeline"
      ref={scroller}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      role="listbox"
      aria-label="Timeline of the run"
      aria-activedescendant={selected === null ? undefined : `timeline-${selected}`}
      tabIndex={0}
    >
      <Axis ticks={chart.ticks} />
      <div className="timeline-rows" style={{ height: chart.rows.length * ROW }}>
        <Grid ticks={chart.ticks} now={chart.now} />
        {chart.rows.slice(first, end).map((row, i) => (
          <Row
            key={row.node}
            row={row}
            title={titles?.[row.node] ?? row.node}
            selected={row.node === selected}
            onSelect={onSelect}
            top={(first + i) * ROW}
            position={first + i + 1}
            count={chart.rows.length}
          />
        ))}
      </div>
    </div>
  );
}

const HEAD = 26;
const tone = (status: StepStatus) => ({ "--tone": toneColor(statusLook(status).tone) }) as CSSProperties;
const percent = (share: number) => `${(share * 100).toFixed(3)}%`;

function Axis({ ticks }: { ticks: Tick[] }) {
  return (
    <div className="timeline-axis" aria-hidden="true">
      <span className="timeline-key">
        <i /> critical path
      </span>
      <span className="timeline-track">
        {ticks.map((tick) => (
          <span key={tick.ms} style={{ left: percent(tick.at) }} data-last={tick.at > 0.93 || undefined}>
            {tick.ms === 0 ? "0" : formatTick(tick.ms)}
          </span>
        ))}
      </span>
    </div>
  );
}

/** Exact, so that no two ticks read the same. */
const formatTick = (ms: number) => {
  if (ms < 1000) return `${ms} ms`;
  return ms < 60_000 ? `${ms / 1000} s` : formatElapsed(ms).replace(/ 00[sm]$/, "");
};

function Grid({ ticks, now }: { ticks: Tick[]; now: number | null }) {
  return (
    <div className="timeline-grid" aria-hidden="true">
      <span className="timeline-track">
        {ticks.map((tick) => (
          <i key={tick.ms} style={{ left: percent(tick.at) }} />
        ))}
        {now !== null && <b style={{ left: percent(now) }} />}
      </span>
    </div>
  );
}

interface RowProps {
  row: TimelineRow;
  title: string;
  selected: boolean;
  onSelect: (node: string) => void;
  top: number;
  position: number;
  count: number;
}

function Row({ row, title, selected, onSelect, top, position, count }: RowProps) {
  const { step, bars, queue, duration, critical } = row;
  const time =
    duration === null ? "" : isActive(step.status) ? formatElapsed(duration) : formatDuration(duration);
  const last = bars.at(-1);
  const said = [
    title,
    statusLook(step.status).word,
    step.reused ? "reused" : "",
    time,
    bars.length > 1 ? `${bars.length} attempts` : "",
    critical ? "on the critical path" : "",
  ].filter((part) => part !== "");
  return (
    <div
      className="timeline-row"
      id={`timeline-${row.node}`}
      role="option"
      aria-selected={selected}
      aria-label={said.join(", ")}
      aria-posinset={position}
      aria-setsize={count}
      data-critical={critical || undefined}
      style={{ top }}
      title={said.join(" · ")}
      onClick={() => onSelect(row.node)}
    >
      <span className="timeline-name">
        <StatusGlyph status={step.status} reused={step.reused} word={false} size={14} />
        <span>{title}</span>
      </span>
      <span className="timeline-track">
        {queue && (
          <i
            className="timeline-queue"
            style={{ left: percent(queue.from), width: percent(queue.to - queue.from) }}
          />
        )}
        {bars.map((bar) => (
          <i
            key={bar.attempt}
            className="timeline-bar"
            data-running={bar.running || undefined}
            data-status={bar.status}
            style={{ left: percent(bar.from), width: percent(bar.to - bar.from), ...tone(bar.status) }}
          />
        ))}
        {last && time !== "" && <TimeLabel at={last.to}>{time}</TimeLabel>}
      </span>
    </div>
  );
}

/** Right of its bar, where there is room; within the track otherwise. */
function TimeLabel({ at, children }: { at: number; children: string }) {
  return (
    <span className="timeline-time" style={{ left: `min(${percent(at)}, 100%)` }}>
      {children}
    </span>
  );
}
