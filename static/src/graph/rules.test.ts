import { describe, expect, it } from "vitest";

import { wiresIn, wiresOut } from "./adjacency.ts";
import { apply } from "./apply.ts";
import { boundInput, usesOf } from "./binding.ts";
import { staleNodes } from "./compare.ts";
import { judge, upstreamOf } from "./connection.ts";
import { cut, fromText, paste, toText } from "./fragment.ts";
import { mintId } from "./ids.ts";
import { promote, renameInput } from "./inputs.ts";
import { removal, wiresInto } from "./insertion.ts";
import { topological } from "./order.ts";
import { freePlace, sourcesOf, targetsOf, unambiguousWires } from "./placement.ts";
import { face, graph, input, step, testCatalog, wire } from "./testing.ts";
import type { Document, Op } from "./types.ts";
import { upgrade } from "./upgrade.ts";
import { joinNames, readValue, splitNames } from "./values.ts";

const catalog = testCatalog();
const chain = (): Document =>
  graph(
    [
      step("load"),
      step("split", "split", { x: 300 }),
      step("train", "train", { x: 600 }),
      step("score", "score", { x: 900 }),
    ],
    [wire("load.table", "split.data"), wire("split.train", "train.data"), wire("train.model", "score.model")],
  );

describe("apply", () => {
  it("keeps every object that an operation does not touch", () => {
    const before = chain();
    const { document } = apply(before, { op: "move", positions: { load: [8, 8] } }, catalog);
    expect(document.nodes.split).toBe(before.nodes.split);
    expect(document.edges).toBe(before.edges);
    expect(document.inputs).toBe(before.inputs);
  });

  it("leaves the document as it was when a batch is refused", () => {
    const before = chain();
    const copy = structuredClone(before);
    expect(() =>
      apply(
        before,
        [
          { op: "remove_node", id: "load" },
          { op: "remove_node", id: "load" },
        ],
        catalog,
      ),
    ).toThrow();
    expect(before).toEqual(copy);
    expect([...wiresOut(before.edges, "load")]).toHaveLength(1);
  });

  it("keeps the index of wires right through edits and their inverses", () => {
    let document = chain();
    const edits: Op[] = [
      { op: "disconnect", target: "train", input: "data" },
      { op: "connect", ...wire("split.test", "train.data") },
      { op: "remove_node", id: "split" },
    ];
    const undo: Op[] = [];
    for (const op of edits) {
      const done = apply(document, op, catalog);
      undo.unshift(...done.inverse);
      ({ document } = done);
    }
    expect([...wiresIn(document.edges, "train")]).toEqual([]);
    ({ document } = apply(document, undo, catalog));
    expect(document).toEqual(chain());
    expect([...wiresOut(document.edges, "split")]).toEqual([wire("split.train", "train.data")]);
  });
});

describe("judging a wire", () => {
  it("names the way round that it would close", () => {
    const judged = judge(chain(), catalog, wire("score.result", "split.data"));
    expect(judged.verdict).toBe("no");
    expect(judge({ ...chain(), edges: {} }, catalog, wire("score.result", "split.data")).verdict).toBe("yes");
  });

  it("takes what is upstream from the caller, to walk the graph once for many ports", () => {
    const open = apply(chain(), { op: "disconnect", target: "split", input: "data" }, catalog).document;
    const upstream = upstreamOf(open, "score");
    expect([...upstream].sort()).toEqual(["score", "split", "train"]);
    expect(judge(open, catalog, wire("score.result", "split.data"), upstream).code).toBe("cycle");
    expect(judge(open, catalog, wire("load.table", "split.data"), upstreamOf(open, "load")).verdict).toBe(
      "yes",
    );
  });

  it("lists what an output may feed, and what may feed an input, nearest first", () => {
    const document = chain();
    expect(targetsOf(document, catalog, "split", "test").map(({ node, port }) => `${node}.${port}`)).toEqual([
      "score.data",
    ]);
    const sources = sourcesOf(document, catalog, "train", "data").map(({ node, port }) => `${node}.${port}`);
    expect(sources).toEqual(["split.train", "split.test", "load.table"]);
  });
});

describe("fragments", () => {
  it("go through text, get new ids and keep the wires within", () => {
    const document = chain();
    const fragment = fromText(toText(cut(document, ["split", "train"])))!;
    const { ops, ids } = paste(document, catalog, fragment, { offset: 32 });
    expect(ids).toEqual(["split_2", "train_2"]);
    const after = apply(document, ops, catalog).document;
    expect(after.edges["train_2.data"]).toEqual(wire("split_2.train", "train_2.data"));
    expect(after.edges).not.toHaveProperty("split_2.data");
    expect(after.nodes.split_2).toMatchObject({ x: 332, y: 32 });
  });

  it("keep the wires from outside when asked", () => {
    const document = chain();
    const { ops } = paste(document, catalog, cut(document, ["split"]), { keepOuter: true });
    expect(apply(document, ops, catalog).document.edges["split_2.data"]).toEqual(
      wire("load.table", "split_2.data"),
    );
  });

  it("are told from any other text", () => {
    expect(fromText("hello")).toBeNull();
    expect(fromText("# portline fragment 1\n{broken")).toBeNull();
  });
});

describe("nodes in wires", () => {
  it("go into a wire where their types fit", () => {
    const wires = wiresInto(chain(), catalog, wire("load.table", "split.data"), step("split_2", "split"));
    expect(wires).toEqual([wire("load.table", "split_2.data"), wire("split_2.train", "split.data")]);
    expect(
      wiresInto(chain(), catalog, wire("train.model", "score.model"), step("split_2", "split")),
    ).toBeNull();
  });

  it("may leave with their wires joined", () => {
    const document = chain();
    const after = apply(document, removal(document, catalog, ["split"], true), catalog).document;
    expect(after.edges["train.data"]).toEqual(wire("load.table", "train.data"));
  });

  it("are wired by themselves only where one output fits", () => {
    expect(unambiguousWires(chain(), catalog, "load", step("split_2", "split"))).toHaveLength(1);
    expect(unambiguousWires(chain(), catalog, "split", step("train_2", "train"))).toEqual([]);
  });

  it("never lie on one another", () => {
    const place = freePlace(chain(), catalog, { x: 0, y: 0, width: 176, height: 68 });
    expect(place.y).toBeGreaterThan(68);
  });
});

describe("versions", () => {
  it("are taken in place with what fits, and what does not is named", () => {
    const next = {
      ...face("split", [input("data", "mltable"), input("seed", "integer")], { train: "mltable" }),
      ref: "split:2",
    };
    const both = { ...catalog, components: new Map([...catalog.components, [next.ref, next]]) };
    const base = apply(chain(), { op: "set_params", id: "split", params: { ratio: 0.5 } }, both).document;
    const node = base.nodes.split!;
    if (node.kind !== "component") throw new Error();
    const { ops, lost } = upgrade(base, both, node, next);
    const after = apply(base, ops, both).document;
    expect(after.nodes.split).toMatchObject({ component: "split:2", params: {} });
    expect(Object.keys(after.edges).sort()).toEqual(Object.keys(base.edges).sort());
    expect(lost).toEqual(["the value of “ratio”"]);
  });
});

describe("stale marks", () => {
  it("follow what changed and all that it feeds, not places or titles", () => {
    const then = chain();
    const moved = apply(then, { op: "move", positions: { load: [8, 8] } }, catalog).document;
    expect(staleNodes(moved, structuredClone(then)).size).toBe(0);
    const changed = apply(then, { op: "set_params", id: "split", params: { ratio: 0.5 } }, catalog).document;
    expect([...staleNodes(changed, then)].sort()).toEqual(["score", "split", "train"]);
  });
});

describe("pipeline inputs", () => {
  it("are made from a parameter, and renamed with all that uses them", () => {
    const document = chain();
    const { name, ops } = promote(document, "split", input("ratio", "number"), 0.7);
    let after = apply(document, ops, catalog).document;
    expect(boundInput(after.nodes.split!.params.ratio)).toBe(name);
    after = apply(after, renameInput(after, "ratio", "share"), catalog).document;
    expect(usesOf(after, "share")).toEqual([["split", "ratio"]]);
    expect(after.inputs.share).toMatchObject({ type: "number", default: 0.7 });
    expect(after.inputs).not.toHaveProperty("ratio");
  });
});

describe("small things", () => {
  it("mints ids", () => {
    expect(mintId("split", () => false)).toBe("split");
    expect(mintId("split", (id) => id === "split" || id === "split_2")).toBe("split_3");
    expect(mintId("2 Fast!", () => false)).toMatch(/^_2_fast_?$/);
  });

  it("orders nodes so that everything comes after what feeds it", () => {
    expect(topological(chain())).toEqual(["load", "split", "train", "score"]);
  });

  it("reads values and lists of columns", () => {
    expect(readValue("integer", " 12 ")).toBe(12);
    expect(readValue("number", "abc")).toBe("abc");
    expect(readValue("number", "")).toBeNull();
    expect(splitNames('a, "b, c", d')).toEqual(["a", "b, c", "d"]);
    expect(splitNames(joinNames(["x", "y, z"]))).toEqual(["x", "y, z"]);
  });
});
