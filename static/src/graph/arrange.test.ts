import { describe, expect, it } from "vitest";

import { arranged } from "./arrange.ts";

const BOXES = [
  { id: "a", x: 0, y: 0, width: 176, height: 68 },
  { id: "b", x: 400, y: 96, width: 240, height: 140 },
  { id: "c", x: 240, y: 320, width: 176, height: 92 },
];

describe("lining up", () => {
  it.each([
    ["left", { a: [0, 0], b: [0, 96], c: [0, 320] }],
    ["right", { a: [464, 0], b: [400, 96], c: [464, 320] }],
    ["centre", { a: [232, 0], b: [200, 96], c: [232, 320] }],
    ["top", { a: [0, 0], b: [400, 0], c: [240, 0] }],
    ["bottom", { a: [0, 344], b: [400, 272], c: [240, 320] }],
    ["middle", { a: [0, 176], b: [400, 136], c: [240, 160] }],
    // Gaps of 24 between 0 and 640, in the order in which they stand.
    ["columns", { a: [0, 0], c: [200, 320], b: [400, 96] }],
    ["rows", { a: [0, 0], b: [400, 128], c: [240, 320] }],
  ] as const)("%s", (how, places) => expect(arranged(BOXES, how)).toEqual(places));

  it("leaves one alone", () => expect(arranged(BOXES.slice(1, 2), "left")).toEqual({}));
});
