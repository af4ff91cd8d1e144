import { describe, expect, it } from "vitest";

import { EMPTY } from "../../graph/types.ts";
import type { RunEvent } from "../../run/types.ts";
import type { Run } from "../state/run.ts";
import { Replayer } from "./replayer.ts";

const START = Date.parse("2026-11-01T00:00:00Z");
const run = { id: 1, status: "Completed", seq: 0, document: EMPTY } as unknown as Run;
const event = (seq: number, node: string, status: string): RunEvent =>
  ({
    seq,
    at: new Date(START + seq * 1000).toISOString(),
    type: "step.status",
    data: { node, status, attempt: 1, message: "", exit_code: null, reused: false },
  }) as unknown as RunEvent;

const STATES = ["Queued", "Running", "Completed"];
const events = Array.from({ length: 900 }, (_, at) =>
  event(at + 1, `n${Math.floor(at / 3)}`, STATES[at % 3]!),
);
const steps = Object.fromEntries(events.map(({ data }) => [(data as { node: string }).node, {} as never]));

describe("a run replayed", () => {
  it("stands at every moment as its events say, forwards and backwards", () => {
    const replayer = new Replayer(run, steps, events);
    expect(replayer.at(START).steps["n0"]!.status).toBe("NotStarted");
    for (const at of [2, 700, 4, 620, 500, 501, 3]) {
      const state = replayer.at(START + at * 1000);
      expect(replayer.count).toBe(at);
      expect(state.steps[`n${Math.floor((at - 1) / 3)}`]!.status).toBe(STATES[(at - 1) % 3]);
      expect(state.steps[`n${Math.floor((at - 1) / 3) + 1}`]!.status).toBe("NotStarted");
    }
  });

  it("changes only the steps that events are about", () => {
    const replayer = new Replayer(run, steps, events);
    const before = replayer.at(START + 10_000).steps;
    const after = replayer.at(START + 11_000).steps;
    expect(Object.keys(after).filter((node) => after[node] !== before[node])).toEqual(["n3"]);
    expect(replayer.neighbour(START + 10_000, 1)).toBe(START + 11_000);
    expect(replayer.neighbour(START + 10_000, -1)).toBe(START + 9_000);
  });
});
