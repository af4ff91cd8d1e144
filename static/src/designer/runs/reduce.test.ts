import { describe, expect, it } from "vitest";

import { EMPTY } from "../../graph/types.ts";
import type { RunEvent } from "../../run/types.ts";
import type { Run } from "../state/run.ts";
import { reduce } from "./reduce.ts";

const run = {
  id: 1,
  status: "Queued",
  message: "",
  seq: 0,
  started_at: null,
  ended_at: null,
  document: EMPTY,
} as unknown as Run;
const status = (seq: number, node: string, to: string): RunEvent =>
  ({
    seq,
    at: "2026-11-01T00:00:00Z",
    type: "step.status",
    data: {
      node,
      status: to,
      attempt: 1,
      message: "",
      exit_code: null,
      reused: false,
      started_at: null,
      ended_at: null,
    },
  }) as RunEvent;

describe("events of a run", () => {
  it("change the step that they are about, and no other", () => {
    const before = reduce({ run, steps: {} }, [status(1, "a", "Queued"), status(2, "b", "Queued")]);
    const after = reduce(before, [status(3, "a", "Running")]);
    expect(after.steps.a!.status).toBe("Running");
    expect(after.steps.b).toBe(before.steps.b);
    expect(after.run.seq).toBe(3);
  });

  it("collect outputs and progress", () => {
    const artifact = { id: 9, output: "train", type: "mltable", kind: "table" as const, size: 1, digest: "" };
    const after = reduce({ run, steps: {} }, [
      status(1, "a", "Running"),
      { seq: 2, at: "", type: "step.progress", data: { node: "a", progress: 0.4 } },
      { seq: 3, at: "", type: "step.output", data: { node: "a", artifact } },
    ]);
    expect(after.steps.a).toMatchObject({ progress: 0.4, outputs: { train: artifact } });
  });

  it("give the run its status and its times", () => {
    const at = "2026-11-01T00:00:05Z";
    const going = reduce({ run, steps: {} }, [
      { seq: 1, at, type: "run.status", data: { status: "Running", message: "" } },
    ]);
    expect(going.run).toMatchObject({ status: "Running", started_at: at, ended_at: null });
    const over = reduce(going, [
      { seq: 2, at, type: "run.status", data: { status: "Completed", message: "" } },
    ]);
    expect(over.run.ended_at).toBe(at);
  });
});
