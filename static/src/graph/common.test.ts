import { describe, expect, it } from "vitest";

import { apply } from "./apply.ts";
import { commonParameters, setInAll } from "./common.ts";
import { face, graph, input, step, testCatalog } from "./testing.ts";

const catalog = testCatalog();
const optional = { optional: true, default: null };
catalog.components.set(
  "forest:1",
  face("forest", [input("depth", "integer", optional), input("trees", "integer", optional)], {}),
);
catalog.components.set("text:1", face("text", [input("depth", "string", optional)], {}));

describe("what nodes have in common", () => {
  const nodes = [step("a", "train", { params: { depth: 3 } }), step("b", "forest", { params: { trees: 5 } })];

  it("is the parameters that all take, whether their values differ or not", () => {
    const [depth, ...more] = commonParameters(nodes, catalog);
    expect(more).toEqual([]);
    expect(depth).toMatchObject({ port: { name: "depth" }, value: undefined, values: 2 });
    const alike = nodes.map((node) => ({ ...node, params: { depth: 4 } }));
    expect(commonParameters(alike, catalog)[0]!.value).toBe(4);
  });

  it("is nothing where types differ, and nothing for one node", () => {
    expect(commonParameters([nodes[0]!, step("c", "text")], catalog)).toEqual([]);
    expect(commonParameters(nodes.slice(0, 1), catalog)).toEqual([]);
  });

  it("is set in one batch, and comes back with one undo", () => {
    const before = graph(nodes);
    const ops = setInAll(nodes, "depth", 3);
    expect(ops).toHaveLength(1);
    const { document, inverse } = apply(before, ops, catalog);
    expect(document.nodes.b?.params.depth).toBe(3);
    expect(apply(document, inverse, catalog).document).toEqual(before);
  });
});
