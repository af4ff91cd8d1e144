import { describe, expect, it } from "vitest";

import { inputNodeId } from "../../graph/types.ts";
import type { Document, Interface } from "../../graph/types.ts";
import type { Box } from "../../graph/placement.ts";
import { face, graph, input, step, testCatalog, wire } from "../../graph/testing.ts";
import type { Opened } from "./layout.ts";
import { Layout } from "./layout.ts";
import { Stretch } from "./stretch.ts";

const at = (id: string, component: string, x: number, y: number) => step(id, component, { x, y });
const inner = graph(
  [at("a", "load", 0, 0), at("b", "split", 300, 40), at("c", "split", 300, 400)],
  [wire("a.table", "b.data"), wire("a.table", "c.data")],
);
const catalog = testCatalog();
const asGroup = (name: string): Interface => ({
  ...face(name, [input("data", "mltable")], { result: "mltable" }),
  pipeline: true,
});
for (const name of ["group", "outer"]) catalog.components.set(`${name}:1`, asGroup(name));
const graphs: Record<string, Document> = {
  "group:1": inner,
  "outer:1": graph([at("g", "group", 0, 0), at("after", "split", 240, 0)], []),
};
const top = graph(
  [
    at("left", "load", -300, 0),
    at("one", "group", 0, 0),
    at("two", "outer", 0, 200),
    at("right", "split", 240, 0),
    at("below", "split", 40, 400),
    at("corner", "split", 260, 420),
  ],
  [],
);

const layout = (expanded: string[], more: Partial<Opened> = {}) =>
  new Layout({
    document: top,
    catalog,
    graphs,
    expanded: new Set(expanded),
    footer: false,
    watched: null,
    ...more,
  });
const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe("open groups", () => {
  it.each([[["one"]], [["two"]], [["one", "two"]], [["one", "two", "two.g"]]])(
    "make room, so that nothing overlaps: %j",
    (expanded) => {
      const drawn = layout(expanded);
      const outer = Object.keys(top.nodes).map((id) => drawn.box(id)!);
      for (const a of outer) for (const b of outer) expect(a === b || !overlap(a, b)).toBe(true);
      for (const frame of drawn.frames.values()) {
        const children = [...drawn.inner.values()].filter(
          ({ id }) => id.startsWith(`${frame.id}.`) && !id.slice(frame.id.length + 1).includes("."),
        );
        expect(children.length).toBeGreaterThan(0);
        for (const { id } of children) {
          const box = drawn.box(id)!;
          expect(box.x).toBeGreaterThan(frame.box.x);
          expect(box.y).toBeGreaterThan(frame.box.y);
          expect(box.x + box.width).toBeLessThan(frame.box.x + frame.box.width);
          expect(box.y + box.height).toBeLessThan(frame.box.y + frame.box.height);
          for (const other of children)
            expect(other.id === id || !overlap(box, drawn.box(other.id)!)).toBe(true);
        }
      }
    },
  );

  it("change nothing while they are closed", () => {
    expect(layout([]).box("right")).toMatchObject({ x: 240, y: 0 });
    expect(layout(["one"]).box("left")).toMatchObject({ x: -300, y: 0 });
  });

  it("lead from a drawn place back to the document's", () => {
    const drawn = layout(["one", "two"]);
    for (const node of Object.values(top.nodes)) {
      const { x, y } = drawn.place(node);
      expect(drawn.back({ x, y })).toEqual({ x: node.x, y: node.y });
    }
  });

  it("know their steps in a run; those of a loop only in the iteration that is looked into", () => {
    expect(layout(["two", "two.g"]).inner.get("two.g.a")!.step).toBe("two.g.a");
    const loop = { type: "do_while", condition: "x", mapping: {}, max_iteration_count: 3 } as const;
    const nodes = { ...top.nodes, one: { ...top.nodes.one!, loop } } as Document["nodes"];
    const looped = { ...top, nodes };
    expect(layout(["one"], { document: looped }).inner.get("one.a")!.step).toBeNull();
    const watched = layout(["one"], { document: looped, watched: "one[2]" });
    expect(watched.inner.get("one.a")!.step).toBe("one[2].a");
  });

  it("are wired within from their own ports", () => {
    const fed = { ...inner, inputs: { data: { type: "mltable" } }, edges: {} };
    const wires = { "b.data": { source: "$inputs", output: "data", target: "b", input: "data" } };
    const drawn = layout(["one"], { graphs: { ...graphs, "group:1": { ...fed, edges: wires } } });
    expect(drawn.links).toMatchObject([
      { source: "one", sourceHandle: "$in.data", target: "one.b", targetHandle: "data" },
    ]);
    expect(drawn.ids()).not.toContain(inputNodeId("data"));
  });
});

describe("stretching", () => {
  it("adds up what stands in a row, and shares what stands in a column", () => {
    const row = new Stretch([
      { from: 0, to: 100, by: 50 },
      { from: 200, to: 300, by: 70 },
    ]);
    expect([0, 99, 100, 250, 300].map(row.place)).toEqual([0, 99, 150, 300, 420]);
    const column = new Stretch([
      { from: 0, to: 100, by: 50 },
      { from: 20, to: 100, by: 70 },
    ]);
    expect(column.place(100)).toBe(170);
  });

  it("gives a place within a gap to the nearer side", () => {
    const gap = new Stretch([{ from: 0, to: 100, by: 80 }]);
    expect([90, 105, 175, 180].map((drawn) => gap.back(drawn))).toEqual([90, 92, 100, 100]);
  });
});
