import { describe, expect, it } from "vitest";

import { EMPTY } from "../../graph/types.ts";
import type { RunEvent } from "../../run/types.ts";
import type { Run } from "../state/run.ts";
import { countGroups } from "./groups.ts";
import type { Reduced } from "./reduce.ts";
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

const start = (more: Partial<Reduced> = {}): Reduced => ({
  run,
  steps: {},
  groups: {},
  watched: null,
  inner: {},
  ...more,
});

describe("events of a run", () => {
  it("change the step that they are about, and no other", () => {
    const before = reduce(start(), [status(1, "a", "Queued"), status(2, "b", "Queued")]);
    const after = reduce(before, [status(3, "a", "Running")]);
    expect(after.steps.a!.status).toBe("Running");
    expect(after.steps.b).toBe(before.steps.b);
    expect(after.run.seq).toBe(3);
  });

  it("collect outputs and progress", () => {
    const artifact = { id: 9, output: "train", type: "mltable", kind: "table" as const, size: 1, digest: "" };
    const after = reduce(start(), [
      status(1, "a", "Running"),
      { seq: 2, at: "", type: "step.progress", data: { node: "a", progress: 0.4 } },
      { seq: 3, at: "", type: "step.output", data: { node: "a", artifact } },
    ]);
    expect(after.steps.a).toMatchObject({ progress: 0.4, outputs: { train: artifact } });
  });

  it("give the run its status and its times", () => {
    const at = "2026-11-01T00:00:05Z";
    const going = reduce(start(), [
      { seq: 1, at, type: "run.status", data: { status: "Running", message: "" } },
    ]);
    expect(going.run).toMatchObject({ status: "Running", started_at: at, ended_at: null });
    const over = reduce(going, [
      { seq: 2, at, type: "run.status", data: { status: "Completed", message: "" } },
    ]);
    expect(over.run.ended_at).toBe(at);
  });

  it("of iterations count only for the one that is looked into", () => {
    const told = [status(1, "loop[0].a", "Running"), status(2, "loop[10].a", "Running")];
    expect(reduce(start(), told)).toMatchObject({ steps: {}, inner: {} });
    const after = reduce(start({ watched: "loop[1]" }), [...told, status(3, "loop[1].a", "Failed")]);
    expect(after.steps).toEqual({});
    expect(Object.keys(after.inner)).toEqual(["loop[1].a"]);
  });

  it("of a loop are its counts", () => {
    const data = { node: "loop", total: 12, counts: { Completed: 8, Failed: 1 }, best: 3 };
    const after = reduce(start(), [{ seq: 1, at: "", type: "loop.counts", data }]);
    expect(after.steps.loop!.loop).toMatchObject({ total: 12, counts: { Completed: 8, Failed: 1 }, best: 3 });
  });

  it("of a loop that was not known yet say what kind it is, at any depth", () => {
    const sweep = { id: "s", kind: "component", component: "c:1", loop: { type: "sweep" } };
    const group = { id: "g", kind: "component", component: "g:1" };
    const graphs = { "g:1": { ...EMPTY, nodes: { s: sweep } } };
    const deep = { ...run, document: { ...EMPTY, nodes: { g: group } }, graphs } as unknown as Run;
    const data = { node: "g.s", total: 2, counts: {}, best: null };
    const after = reduce(start({ run: deep }), [{ seq: 1, at: "", type: "loop.counts", data }]);
    expect(after.steps["g.s"]!.loop!.type).toBe("sweep");
  });

  it("move a step within groups from one count to another, at every depth", () => {
    const ids = ["g", "g.a", "g.h", "g.h.b", "other"];
    const before = reduce(
      start(),
      ids.map((id, at) => status(at + 1, id, "Queued")),
    );
    const counted = { ...before, groups: countGroups(before.steps) };
    expect(counted.groups).toEqual({ g: { Queued: 2 }, "g.h": { Queued: 1 } });
    const after = reduce(counted, [status(9, "g.h.b", "Failed"), status(10, "g.h", "Failed")]);
    expect(after.groups).toEqual({ g: { Queued: 1, Failed: 1 }, "g.h": { Queued: 0, Failed: 1 } });
    expect(reduce(counted, [status(9, "other", "Running")]).groups).toBe(counted.groups);
  });
});
