/** A run as it stood at any moment, from its events. Going on costs the events between; going back, those since a mark. */

import type { RunEvent, StepState } from "../../run/types.ts";
import type { Run } from "../state/run.ts";
import { countGroups } from "./groups.ts";
import type { Reduced } from "./reduce.ts";
import { reduce } from "./reduce.ts";

const MARK_EVERY = 250;

const fresh = (node: string): StepState => ({
  node,
  status: "NotStarted",
  reused: false,
  progress: null,
  attempt: 1,
  message: "",
  exit_code: null,
  started_at: null,
  ended_at: null,
  outputs: {},
});

export class Replayer {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  private readonly times: readonly number[];
  /** States after every so many events; the first is before all. */
  private readonly marks: Reduced[];
  private state: Reduced;
  /** How many events the state has taken in. */
  count = 0;

  constructor(
    run: Run,
    steps: Readonly<Record<string, StepState>>,
    readonly events: readonly RunEvent[],
  ) {
    this.times = events.map((event) => Date.parse(event.at));
    this.from = this.times[0] ?? 0;
    this.to = this.times.at(-1) ?? 0;
    const none = Object.fromEntries(Object.keys(steps).map((node) => [node, fresh(node)]));
    const before: Run = { ...run, status: "Queued", message: "", seq: 0, started_at: null, ended_at: null };
    this.state = { run: before, steps: none, groups: countGroups(none), watched: null, inner: {} };
    this.marks = [this.state];
  }

  /** The run at a moment. Steps that stand as they stood at the moment asked for before are the same objects. */
  at(time: number): Reduced {
    const wanted = this.countAt(time);
    if (wanted < this.count) {
      const mark = Math.floor(wanted / MARK_EVERY);
      this.state = this.marks[mark]!;
      this.count = mark * MARK_EVERY;
    }
    while (this.count < wanted) {
      const end = Math.min(wanted, (Math.floor(this.count / MARK_EVERY) + 1) * MARK_EVERY);
      this.state = reduce(this.state, this.events.slice(this.count, end));
      this.count = end;
      if (end % MARK_EVERY === 0) this.marks[end / MARK_EVERY] ??= this.state;
    }
    return this.state;
  }

  /** How many events had happened. */
  private countAt(time: number): number {
    let low = 0;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle]! <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The moment of the next event after a time, or of the one before. */
  neighbour(time: number, way: 1 | -1): number {
    if (way === 1) return this.times[this.countAt(time)] ?? this.to;
    const at = this.countAt(time - 1);
    return at === 0 ? this.from : this.times[at - 1]!;
  }
}
