import { parseTime } from "./duration";
import { isEnded } from "./status";
import type { StepState, StepStatus } from "./types";

/** A wire, as the timeline needs it. */
export interface Link {
  source: string;
  target: string;
}

export interface Bar {
  attempt: number;
  status: StepStatus;
  /** Shares of the whole time, 0 to 1. */
  from: number;
  to: number;
  running: boolean;
}

export interface TimelineRow {
  node: string;
  step: StepState;
  /** Time between all inputs being there and the first start. */
  queue: { from: number; to: number } | null;
  bars: Bar[];
  /** Milliseconds at work, from the first start to the end. */
  duration: number | null;
  critical: boolean;
}

export interface Tick {
  at: number;
  /** Milliseconds since the run started. */
  ms: number;
}

export interface Timeline {
  rows: TimelineRow[];
  ticks: Tick[];
  /** Milliseconds from one end to the other. */
  span: number;
  /** Where now is, while the run is not over. */
  now: number | null;
}

export interface TimelineInput {
  steps: Record<string, StepState>;
  order: string[];
  edges: Link[];
  startedAt: string | null;
  endedAt: string | null;
  now: number;
  /** Where the scale ends while not all of the time is over, as in a replay. */
  until?: number;
}

interface Spell {
  attempt: number;
  status: StepStatus;
  start: number;
  end: number | null;
}

/** Where everything stands: pure, so that it can be drawn in any way and tested without one. */
export function timeline({ steps, order, edges, startedAt, endedAt, now, until }: TimelineInput): Timeline {
  const nodes = order.filter((node) => steps[node] !== undefined);
  const spells = new Map(nodes.map((node) => [node, spellsOf(steps[node]!)]));
  const starts = [...spells.values()].flatMap((list) => list.map((spell) => spell.start));
  const runStart = parseTime(startedAt) ?? (starts.length > 0 ? Math.min(...starts) : now);
  const over = parseTime(endedAt);
  const lastEnd = [...spells.values()].flat().reduce((most, spell) => Math.max(most, spell.end ?? now), 0);
  const runEnd = Math.max(until ?? 0, over ?? now, over === null ? 0 : Math.min(lastEnd, over), runStart + 1);
  const span = runEnd - runStart;
  const share = (time: number) => Math.min(1, Math.max(0, (time - runStart) / span));

  const before = upstream(edges, steps);
  const critical = criticalPath(spells, before, now);
  const rows = nodes.map((node): TimelineRow => {
    const list = spells.get(node)!;
    const first = list[0];
    const last = list.at(-1);
    const ready = readyAt(before.get(node) ?? [], steps, spells, runStart);
    const waited = first?.start ?? (steps[node]!.status === "Queued" ? now : null);
    return {
      node,
      step: steps[node]!,
      queue:
        ready !== null && waited !== null && waited > ready
          ? { from: share(ready), to: share(waited) }
          : null,
      bars: list.map((spell) => ({
        attempt: spell.attempt,
        status: spell.status,
        from: share(spell.start),
        to: share(spell.end ?? (until === undefined ? runEnd : now)),
        running: spell.end === null,
      })),
      duration: first && last ? Math.max(0, (last.end ?? now) - first.start) : null,
      critical: critical.has(node),
    };
  });
  return { rows, ticks: ticksOf(span), span, now: over === null ? share(now) : null };
}

function spellsOf(step: StepState): Spell[] {
  const attempts = step.attempts?.length
    ? step.attempts
    : [
        {
          number: step.attempt,
          status: step.status,
          started_at: step.started_at,
          ended_at: step.ended_at,
        },
      ];
  return attempts.flatMap((attempt) => {
    const start = parseTime(attempt.started_at);
    return start === null
      ? []
      : [{ attempt: attempt.number, status: attempt.status, start, end: parseTime(attempt.ended_at) }];
  });
}

/** For each step the steps that it waits for. */
function upstream(edges: Link[], steps: Record<string, StepState>): Map<string, string[]> {
  const before = new Map<string, string[]>();
  for (const { source, target } of edges) {
    if (steps[source] === undefined || steps[target] === undefined) continue;
    const list = before.get(target) ?? [];
    if (!list.includes(source)) list.push(source);
    before.set(target, list);
  }
  return before;
}

/** When the last input was there; null while one is missing. */
function readyAt(
  sources: string[],
  steps: Record<string, StepState>,
  spells: Map<string, Spell[]>,
  runStart: number,
): number | null {
  let ready = runStart;
  for (const source of sources) {
    if (!isEnded(steps[source]!.status)) return null;
    ready = Math.max(ready, spells.get(source)?.at(-1)?.end ?? runStart); // reused ones took no time
  }
  return ready;
}

/** The chain that decided when the run ended: from what ended last, each time back to the input that came last. */
export function criticalPath(
  spells: Map<string, Pick<Spell, "end">[]>,
  before: Map<string, string[]>,
  now: number,
): Set<string> {
  const endOf = (node: string) => {
    const last = spells.get(node)?.at(-1);
    return last === undefined ? null : (last.end ?? now);
  };
  const latest = (nodes: Iterable<string>) => {
    let found: string | null = null;
    let most = -Infinity;
    for (const node of nodes) {
      const end = endOf(node);
      if (end !== null && end > most) [found, most] = [node, end];
    }
    return found;
  };
  const path = new Set<string>();
  let node = latest(spells.keys());
  while (node !== null && !path.has(node)) {
    path.add(node);
    node = latest(before.get(node) ?? []);
  }
  return path;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 4, 6, 12, 24, 48, 96, 168].map((n) => n * HOUR),
];

/** Round times, about five of them, the last not at the very edge. */
export function ticksOf(span: number, about = 5): Tick[] {
  const step =
    STEPS.find((size) => span / size <= about) ?? Math.ceil(span / about / (24 * HOUR)) * 24 * HOUR;
  const ticks: Tick[] = [];
  for (let ms = 0; ms <= span; ms += step) ticks.push({ at: ms / span, ms });
  return ticks;
}
