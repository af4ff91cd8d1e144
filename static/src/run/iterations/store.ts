import { ApiError, getJson } from "../api";
import { isEnded } from "../status";
import type { Iteration, IterationPage, RunEvent, RunSocket } from "../types";

interface Source {
  api: string;
  runId: number;
  /** The loop. */
  node: string;
  socket: RunSocket | undefined;
}

export interface IterationsSnapshot {
  state: "loading" | "ready" | "failed";
  message: string;
  /** By index; those that have not been told of are missing. */
  rows: readonly Iteration[];
  /** Whether older ones are still being read. */
  reading: boolean;
}

type Told = Extract<RunEvent, { type: "loop.iteration" }>;

const NEW: Omit<Iteration, "index"> = {
  label: "",
  status: "NotStarted",
  values: {},
  metric: null,
  course: [],
  message: "",
  started_at: null,
  ended_at: null,
  nodes: {},
};

/** What an event makes of an iteration: its times are those of the events, so nothing has to be asked again. */
export function told(before: Iteration | undefined, { at, data }: Told): Iteration {
  const old = before ?? { ...NEW, index: data.index };
  const again = data.status === "NotStarted" || data.status === "Queued";
  const started = again ? null : (old.started_at ?? at);
  const next = { ...old, ...data, started_at: started, ended_at: isEnded(data.status) ? at : null };
  const course =
    data.course ?? (data.metric !== null && !again ? courseWith(old.course, data.metric) : old.course);
  return { ...next, course };
}

const courseWith = (course: number[], metric: number): number[] =>
  course.at(-1) === metric ? course : [...course, metric];

/** The iterations of one loop: all pages by REST, and what happens to them by socket. Tells its listeners at most once a frame. */
export class IterationStore {
  private readonly listeners = new Set<() => void>();
  private readonly byIndex = new Map<number, Iteration>();
  private snapshot: IterationsSnapshot = { state: "loading", message: "", rows: [], reading: true };
  private frame: number | null = null;
  /** Events that came while pages were read: they are newer than the pages. */
  private waiting: Told[] | null = [];

  constructor(private readonly source: Source) {}

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  getSnapshot = () => this.snapshot;

  /** Reads and follows until the returned function is called. */
  start = (): (() => void) => {
    const abort = new AbortController();
    this.waiting = [];
    const stop = this.source.socket?.listen(this.hear);
    this.readAll(abort.signal).catch((error: unknown) => {
      if (abort.signal.aborted) return;
      const message = error instanceof ApiError ? error.message : "The iterations could not be read.";
      this.tell({ state: "failed", message, reading: false });
    });
    return () => {
      abort.abort();
      stop?.();
      if (this.frame !== null) cancelAnimationFrame(this.frame);
      this.frame = null;
    };
  };

  /** Ask for one again: for what events do not carry. */
  async refresh(index: number): Promise<void> {
    const page = await getJson<IterationPage>(this.url(index - 1));
    const found = page.results.find((each) => each.index === index);
    if (!found) return;
    this.byIndex.set(index, found);
    this.tell({});
  }

  private url(after: number | null): string {
    const { api, runId, node } = this.source;
    const from = after === null || after < 0 ? "" : `&after=${after}`;
    return `${api}runs/${runId}/iterations/?node=${encodeURIComponent(node)}${from}`;
  }

  private async readAll(signal: AbortSignal): Promise<void> {
    let after: number | null = null;
    for (;;) {
      const page: IterationPage = await getJson(this.url(after), signal);
      for (const row of page.results) this.byIndex.set(row.index, row);
      const last = page.results.at(-1);
      if (page.next === null || page.next === undefined || !last) break;
      after = last.index;
      this.tell({ state: "ready" });
    }
    for (const event of this.waiting ?? []) this.take(event);
    this.waiting = null;
    this.tell({ state: "ready", reading: false });
  }

  private hear = (events: RunEvent[]): void => {
    for (const event of events) {
      if (event.type !== "loop.iteration" || event.data.node !== this.source.node) continue;
      if (this.waiting) this.waiting.push(event);
      else this.take(event);
    }
    if (!this.waiting) this.tell({});
  };

  private take(event: Told): void {
    this.byIndex.set(event.data.index, told(this.byIndex.get(event.data.index), event));
  }

  private change: Partial<IterationsSnapshot> = {};

  private tell(change: Partial<IterationsSnapshot>): void {
    Object.assign(this.change, change);
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      const rows = [...this.byIndex.values()].sort((a, b) => a.index - b.index);
      this.snapshot = { ...this.snapshot, ...this.change, rows };
      this.change = {};
      for (const listener of this.listeners) listener();
    });
  }
}
