// @vitest-environment happy-dom
import { act } from "react";
import { createRoot } from "react-dom/client";
import type { Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { graph, step, testCatalog, wire } from "../../graph/testing.ts";
import { Api } from "../../lib/api.ts";
import type { StepState } from "../../run/types.ts";
import { setApp } from "../app.ts";
import { reduce } from "../runs/reduce.ts";
import { START, docStore } from "../state/doc.ts";
import { setProblems } from "../state/problems.ts";
import type { Run } from "../state/run.ts";
import { NO_RUN, runStore } from "../state/run.ts";
import { select, setUi } from "../state/ui.ts";
import { Canvas } from "./Canvas.tsx";
import { renders } from "./renders.ts";

const document_ = graph([step("load"), step("split"), step("train")], [wire("load.table", "split.data")]);

const idle = (node: string): StepState => ({
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

const run = {
  id: 1,
  pipeline: { id: 1, name: "P" },
  rev: 1,
  status: "Running",
  message: "",
  submitted_by: null,
  created_at: "2026-11-01T00:00:00Z",
  started_at: null,
  ended_at: null,
  inputs: {},
  seq: 0,
  counts: {},
  document: document_,
  components: {},
  steps: Object.fromEntries(["load", "split", "train"].map((id) => [id, idle(id)])),
} as unknown as Run;

let root: Root;
let host: HTMLElement;

beforeEach(async () => {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  setApp({
    boot: {
      mode: "edit",
      workspace: { slug: "main", name: "Main" },
      user: { id: 1, name: "a", color: "#000", can_edit: true, can_run: true },
      api: "/api/",
      pages: "/w/main/",
      ws: "/ws/",
      pipeline: { id: 1, name: "P" },
      run: null,
    },
    api: new Api("/api/"),
    catalog: testCatalog() as never,
    session: null,
    runSocket: null,
  });
  docStore.setState({ ...START, document: document_, loaded: true, editable: true });
  runStore.setState({ ...NO_RUN, run, steps: run.steps });
  host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host);
  await act(async () => {
    root.render(<Canvas />);
    await Promise.resolve();
  });
});

afterEach(async () => {
  await act(async () => {
    root.unmount();
    await Promise.resolve();
  });
  host.remove();
});

const during = async (what: () => void) => {
  renders.reset();
  await act(async () => {
    what();
    await Promise.resolve();
  });
};

describe("what is rendered", () => {
  it("is one node for one event of its step", async () => {
    const at = "2026-11-01T00:00:01Z";
    await during(() => {
      const state = { ...runStore.getState(), run };
      runStore.setState(
        reduce(state, [{ seq: 1, at, type: "step.progress", data: { node: "split", progress: 0.5 } }]),
      );
    });
    expect(renders.of("split")).toBe(1);
    expect(renders.total()).toBe(1);
  });

  it("is one node for many events of its step in one frame", async () => {
    const progress = [0.1, 0.2, 0.3].map((share, index) => ({
      seq: index + 1,
      at: "",
      type: "step.progress" as const,
      data: { node: "split", progress: share },
    }));
    await during(() => runStore.setState(reduce({ ...runStore.getState(), run }, progress)));
    expect(renders.total()).toBe(1);
  });

  it("is no node for a problem: its badge alone", async () => {
    const problem = {
      node: "split",
      field: "data",
      code: "missing_input",
      severity: "error" as const,
      message: "Wire it.",
    };
    await during(() => setProblems({ split: [problem] }, true, document_));
    expect(renders.total()).toBe(0);
    expect(host.querySelector(".problem-badge")?.textContent).toContain("1");
  });

  it("is the node that is moved, and the one that is selected", async () => {
    await during(() => select(["load"]));
    expect(renders.total()).toBe(1);
    await during(() => setUi({ drag: new Map([["train", { x: 5, y: 5 }]]) }));
    expect(renders.total()).toBe(0);
    await during(() => {
      const nodes = { ...document_.nodes, train: { ...document_.nodes.train!, x: 8 } };
      docStore.setState({ document: { ...document_, nodes } });
    });
    expect(renders.of("train")).toBe(1);
    expect(renders.total()).toBe(1);
  });
});
