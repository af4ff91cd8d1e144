import { describe, expect, test } from "vitest";

import { ticksOf, timeline } from "./timeline";
import type { StepState, StepStatus } from "./types";

const ZERO = Date.parse("2026-01-01T00:00:00Z");
const at = (seconds: number | null) =>
  seconds === null ? null : new Date(ZERO + seconds * 1000).toISOString();

function step(
  node: string,
  status: StepStatus,
  start: number | null,
  end: number | null,
  more: Partial<StepState> = {},
): StepState {
  return {
    node,
    status,
    reused: false,
    progress: null,
    attempt: start === null ? 0 : 1,
    message: "",
    exit_code: null,
    started_at: at(start),
    ended_at: at(end),
    outputs: {},
    ...more,
  };
}

const draw = (steps: StepState[], edges: [string, string][], end: number | null, now = 100) =>
  timeline({
    steps: Object.fromEntries(steps.map((s) => [s.node, s])),
    order: steps.map((s) => s.node),
    edges: edges.map(([source, target]) => ({ source, target })),
    startedAt: at(0),
    endedAt: at(end),
    now: ZERO + now * 1000,
  });
const critical = (chart: ReturnType<typeof draw>) =>
  chart.rows.filter((row) => row.critical).map((row) => row.node);

describe("a run that is over", () => {
  const chart = draw(
    [
      step("load", "Completed", 0, 2),
      step("slow", "Completed", 3, 8),
      step("fast", "Completed", 2, 3),
      step("join", "Completed", 8, 10),
      step("off", "Skipped", null, null),
    ],
    [
      ["load", "slow"],
      ["load", "fast"],
      ["slow", "join"],
      ["fast", "join"],
      ["join", "off"],
    ],
    10,
  );

  test("has a bar from start to end, as shares of the whole", () => {
    expect(chart.rows[1]?.bars).toEqual([
      { attempt: 1, status: "Completed", from: 0.3, to: 0.8, running: false },
    ]);
    expect(chart.rows[1]?.duration).toBe(5000);
    expect(chart.now).toBeNull();
  });

  test("shows how long a step waited once its inputs were there", () => {
    expect(chart.rows[1]?.queue).toEqual({ from: 0.2, to: 0.3 });
    expect(chart.rows[2]?.queue).toBeNull();
  });

  test("has a row without bars for what never ran", () => {
    expect(chart.rows[4]).toMatchObject({ bars: [], queue: null, duration: null, critical: false });
  });

  test("was as long as its critical path", () => expect(critical(chart)).toEqual(["load", "slow", "join"]));
});

test("each attempt has a bar, and the time goes from the first to the last", () => {
  const attempts = [
    { number: 1, status: "Failed" as const, exit_code: 1, message: "", started_at: at(1), ended_at: at(2) },
    {
      number: 2,
      status: "Running" as const,
      exit_code: null,
      message: "",
      started_at: at(5),
      ended_at: null,
    },
  ];
  const chart = draw([step("train", "Running", 5, null, { attempt: 2, attempts })], [], null, 10);
  expect(chart.rows[0]?.bars.map((bar) => [bar.status, bar.from, bar.to, bar.running])).toEqual([
    ["Failed", 0.1, 0.2, false],
    ["Running", 0.5, 1, true],
  ]);
  expect(chart.rows[0]?.duration).toBe(9000);
  expect(chart.now).toBe(1);
});

test("a queued step waits until now, one whose inputs are missing does not wait yet", () => {
  const chart = draw(
    [
      step("a", "Completed", 0, 4),
      step("b", "Queued", null, null),
      step("c", "Running", 0, null),
      step("d", "NotStarted", null, null),
    ],
    [
      ["a", "b"],
      ["c", "d"],
    ],
    null,
    8,
  );
  expect(chart.rows.map((row) => row.queue)).toEqual([null, { from: 0.5, to: 1 }, null, null]);
});

test("wires from data nodes and a cycle do no harm", () => {
  const chart = draw(
    [step("a", "Completed", 0, 1), step("b", "Completed", 1, 2)],
    [
      ["titanic", "a"],
      ["a", "b"],
      ["b", "a"],
    ],
    2,
  );
  expect(critical(chart)).toEqual(["a", "b"]);
});

test("a run that has not started has no length to speak of", () => {
  const chart = timeline({
    steps: { a: step("a", "NotStarted", null, null) },
    order: ["a", "gone"],
    edges: [],
    startedAt: null,
    endedAt: null,
    now: ZERO,
  });
  expect(chart.rows).toHaveLength(1);
  expect(Number.isFinite(chart.span)).toBe(true);
});

test.each([3, 950, 12_000, 61_000, 3_700_000, 86_400_000 * 40])(
  "ticks of %d ms are few and round",
  (span) => {
    const ticks = ticksOf(span);
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.length).toBeLessThanOrEqual(6);
    expect(ticks.every((tick) => tick.at >= 0 && tick.at <= 1)).toBe(true);
  },
);
