import { describe, expect, it } from "vitest";

import { wholeNode } from "../../graph/whole.ts";
import type { Findable } from "./match.ts";
import { find } from "./match.ts";

const node = (id: string, title: string, more: Partial<Findable> = {}, params = {}): Findable => ({
  id,
  node: wholeNode({ id, kind: "component", component: "train_model:3", title, params }),
  component: "Train model",
  problems: [],
  status: "",
  ...more,
});

const NODES = [
  node("load", "Load", { status: "Failed" }),
  node("train", "Train a forest", {}, { trees: 250, criterion: "gini" }),
  node("score", "Score", {
    problems: [
      {
        node: "score",
        field: "data",
        code: "missing_input",
        severity: "error",
        message: "Data needs a wire",
      },
    ],
  } as unknown as Partial<Findable>),
];

describe("finding in the graph", () => {
  it.each([
    ["forest", ["train"], ""],
    ["250", ["train"], "trees = 250"],
    ["gini", ["train"], "criterion = gini"],
    ["needs a wire", ["score"], "Problem: Data needs a wire"],
    ["failed", ["load"], "Status: Failed"],
  ])("%s", (query, ids, why) => {
    const found = find(query, NODES);
    expect(found.map(({ id }) => id)).toEqual(ids);
    expect(found[0]!.why).toBe(why);
  });

  it("puts titles before what is found elsewhere, and asks for every word", () => {
    expect(find("train", NODES).map(({ id }) => id)).toEqual(["train", "load", "score"]);
    expect(find("forest gini", NODES).map(({ id }) => id)).toEqual(["train"]);
    expect(find("forest failed", NODES)).toEqual([]);
    expect(find("  ", NODES)).toEqual([]);
  });
});
