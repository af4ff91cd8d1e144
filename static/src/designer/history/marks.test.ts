import { describe, expect, it } from "vitest";

import type { Document, Edge } from "../../graph/types.ts";
import { EMPTY } from "../../graph/types.ts";
import type { Change } from "./marks.ts";
import { bothOf, goneKey, marksOf, sharing, summed } from "./marks.ts";

const node = (id: string, x = 0) => ({ id, kind: "component", component: "c:1", title: id, x, y: 0 });
const graph = (nodes: object[], edges: Record<string, Edge> = {}): Document =>
  ({
    ...EMPTY,
    nodes: Object.fromEntries(nodes.map((each) => [(each as { id: string }).id, each])),
    edges,
  }) as unknown as Document;
const wire = (source: string): Edge => ({ source, output: "o", target: "c", input: "i" });
const change = (kind: Change["kind"], part: Change["part"], key: string): Change => ({
  kind,
  part,
  key,
  title: key,
  words: "",
  fields: [],
});

describe("a comparison on the canvas", () => {
  it("shows what is there and what is gone, and a wire from another source as two", () => {
    const before = graph([node("a"), node("c")], { "c.i": wire("a") });
    const after = graph([node("b"), node("c")], { "c.i": wire("b") });
    const both = bothOf(before, after);
    expect(Object.keys(both.nodes).sort()).toEqual(["a", "b", "c"]);
    expect(both.edges["c.i"]!.source).toBe("b");
    expect(both.edges[goneKey("c.i")]!.source).toBe("a");
  });

  it("marks wires by the keys that they are drawn with, and inputs as their nodes", () => {
    const changes = [
      change("removed", "edge", "c.i"),
      change("added", "edge", "c.i"),
      change("changed", "input", "data"),
    ];
    const marks = marksOf(changes);
    expect(marks.wires).toEqual({ [goneKey("c.i")]: "removed", "c.i": "added" });
    expect(Object.keys(marks.nodes)).toEqual(["$inputs.data"]);
    expect(summed(changes)).toBe("1 added, 1 removed, 1 changed");
  });

  it("keeps the objects of what did not change", () => {
    const known = graph([node("a"), node("b")]);
    const shared = sharing(graph([node("a"), node("b", 80)]), known);
    expect(shared.nodes["a"]).toBe(known.nodes["a"]);
    expect(shared.nodes["b"]).not.toBe(known.nodes["b"]);
  });
});
