import { afterEach, describe, expect, it, vi } from "vitest";

import type { Iteration, RunEvent, RunSocket } from "../types";
import { columnsOf, sorted } from "./columns";
import { IterationStore, told } from "./store";
import { chartsOf, searched, trialChart } from "./trialCharts";

const row = (index: number, more: Partial<Iteration> = {}): Iteration => ({
  index,
  label: "",
  status: "Completed",
  values: {},
  metric: null,
  course: [],
  message: "",
  started_at: "2026-11-01T00:00:00Z",
  ended_at: "2026-11-01T00:00:01Z",
  nodes: {},
  ...more,
});

type Told = Extract<RunEvent, { type: "loop.iteration" }>;
const event = (
  index: number,
  status: Iteration["status"],
  at = "2026-11-01T00:00:09Z",
  node = "loop",
): Told => ({
  seq: 1,
  at,
  type: "loop.iteration",
  data: { node, index, status, metric: null, values: {} },
});

describe("columns", () => {
  it("are those that the iterations have something for", () => {
    const keys = (rows: Iteration[], metric: string | null = null) =>
      columnsOf(rows, metric).map(({ key }) => key);
    expect(keys([row(0)])).toEqual(["index", "status", "duration"]);
    expect(keys([row(0, { label: "a.csv" })])).toContain("label");
    expect(keys([row(0, { values: { city: "Bern" }, label: "Bern" })])).not.toContain("label");
    expect(keys([row(0, { values: { lr: 0.1 } })], "accuracy")).toEqual([
      "index",
      "status",
      "metric",
      "value lr",
      "duration",
    ]);
  });

  it("sort, with nothing at the end either way", () => {
    const rows = [row(0, { metric: 2 }), row(1), row(2, { metric: 10 }), row(3, { metric: 1 })];
    const order = (down: boolean) =>
      sorted(rows, columnsOf(rows, "m"), { key: "metric", down }).map(({ index }) => index);
    expect(order(false)).toEqual([3, 0, 2, 1]);
    expect(order(true)).toEqual([2, 0, 3, 1]);
  });
});

describe("an event of an iteration", () => {
  it("gives it its times", () => {
    const started = told(undefined, event(4, "Running", "2026-11-01T00:00:02Z"));
    expect(started).toMatchObject({ index: 4, started_at: "2026-11-01T00:00:02Z", ended_at: null });
    const over = told(started, event(4, "Completed", "2026-11-01T00:00:05Z"));
    expect(over).toMatchObject({ started_at: "2026-11-01T00:00:02Z", ended_at: "2026-11-01T00:00:05Z" });
    expect(told(over, event(4, "Queued"))).toMatchObject({ started_at: null, ended_at: null });
  });

  it("adds to the course of a metric", () => {
    const on = (metric: number): Told => {
      const { data, ...rest } = event(0, "Running");
      return { ...rest, data: { ...data, metric } };
    };
    expect(told(told(told(undefined, on(0.5)), on(0.5)), on(0.7)).course).toEqual([0.5, 0.7]);
  });
});

describe("the store", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("reads page after page, and events that came meanwhile are newer", async () => {
    let tell: (events: RunEvent[]) => void = () => undefined;
    const socket = {
      listen: (listener: typeof tell) => {
        tell = listener;
        return () => undefined;
      },
    } as unknown as RunSocket;
    const asked: string[] = [];
    vi.stubGlobal("fetch", (url: string) => {
      asked.push(url);
      const first = !url.includes("after");
      if (first) tell([event(0, "Completed"), event(0, "Completed", "", "other")]);
      const results = first ? [row(0, { status: "Running" }), row(1)] : [row(2)];
      return Promise.resolve(new Response(JSON.stringify({ results, next: first ? 1 : null })));
    });
    const store = new IterationStore({ api: "/api/", runId: 7, node: "loop", socket });
    store.start();
    await vi.waitFor(() => expect(store.getSnapshot().reading).toBe(false));
    expect(asked).toEqual(["/api/runs/7/iterations/?node=loop", "/api/runs/7/iterations/?node=loop&after=1"]);
    expect(store.getSnapshot().rows.map(({ index, status }) => [index, status])).toEqual([
      [0, "Completed"],
      [1, "Completed"],
      [2, "Completed"],
    ]);
    tell([event(1, "Failed")]);
    await vi.waitFor(() => expect(store.getSnapshot().rows[1]!.status).toBe("Failed"));
  });
});

describe("the charts of a sweep", () => {
  const goal = { goal: "maximize", metric: "accuracy" } as const;
  const rows = [
    row(0, { values: { lr: 0.001, kind: "a", fixed: 1 }, metric: 0.5, course: [0.4, 0.5] }),
    row(1, { values: { lr: 1, kind: "b", fixed: 1 }, metric: 0.9 }),
    row(2, { values: { lr: 0.1, kind: "a", fixed: 1 }, metric: null }),
  ];

  it("are those that say something", () => {
    expect(searched(rows)).toEqual(["lr", "kind"]);
    expect(chartsOf(rows, goal).map(({ id }) => id)).toEqual([
      "trials",
      "courses",
      "all",
      "input lr",
      "input kind",
    ]);
  });

  it("follow the best so far, by the goal", () => {
    const tops = (way: "maximize" | "minimize") => {
      const spec = trialChart({ kind: "trials" }, rows, { ...goal, goal: way }, 1) as {
        data: { values: { top: number }[] };
      };
      return spec.data.values.map(({ top }) => top);
    };
    expect(tops("maximize")).toEqual([0.5, 0.9]);
    expect(tops("minimize")).toEqual([0.5, 0.5]);
  });

  it("put each parameter between its own least and most", () => {
    const spec = trialChart({ kind: "all" }, rows, goal, 1) as {
      layer: { data: { values: { trial: number; axis: string; at: number }[] } }[];
    };
    const at = (trial: number) =>
      spec.layer[0]!.data.values.filter((each) => each.trial === trial).map((each) => each.at);
    expect(at(0)).toEqual([0, 0, 0]);
    expect(at(1)).toEqual([1, 1, 1]);
  });
});
