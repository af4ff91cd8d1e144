import { describe, expect, it } from "vitest";

import { apply } from "./apply.ts";
import { swapsOf } from "./swap.ts";
import { face, graph, input, step, testCatalog, wire } from "./testing.ts";

const catalog = testCatalog();
catalog.components.set(
  "join:1",
  face("join", [input("left", "mltable"), input("right", "mltable"), input("model", "mlflow_model")], {
    table: "mltable",
  }),
);
const nodes = [step("a", "load"), step("b", "load"), step("join"), step("m", "train")];

describe("swapping two inputs", () => {
  it("exchanges their wires", () => {
    const before = graph(nodes, [wire("a.table", "join.left"), wire("b.table", "join.right")]);
    const [swap, ...more] = swapsOf(before, catalog, "join");
    expect(more).toEqual([]);
    expect(swap!.labels).toEqual(["left", "right"]);
    const { document, inverse } = apply(before, swap!.ops, catalog);
    expect(document.edges["join.left"]?.source).toBe("b");
    expect(document.edges["join.right"]?.source).toBe("a");
    expect(apply(document, inverse, catalog).document).toEqual(before);
  });

  it("moves a single wire over, but not where its type does not fit", () => {
    const before = graph(nodes, [wire("a.table", "join.left"), wire("m.model", "join.model")]);
    expect(swapsOf(before, catalog, "join").map(({ labels }) => labels)).toEqual([["left", "right"]]);
  });

  it("offers nothing where both come from one output", () => {
    const before = graph(nodes, [wire("a.table", "join.left"), wire("a.table", "join.right")]);
    expect(swapsOf(before, catalog, "join")).toEqual([]);
  });
});
