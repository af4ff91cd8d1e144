import { describe, expect, it } from "vitest";

import { aligned } from "./guides.ts";

const box = (x: number, y: number, width = 176, height = 68) => ({ x, y, width, height });

describe("guides", () => {
  it("draw to the nearest side or middle, on each axis for itself", () => {
    const { dx, dy, guides } = aligned(box(5, 203), [box(0, 0), box(400, 200)], 6);
    expect([dx, dy]).toEqual([-5, -3]);
    expect(guides).toContainEqual({ axis: "x", at: 0, from: 0, to: 268 });
    expect(guides).toContainEqual({ axis: "y", at: 200, from: 0, to: 576 });
  });

  it("leave alone what is out of reach", () => {
    expect(aligned(box(9, 300), [box(0, 0)], 6)).toEqual({ dx: 0, dy: 0, guides: [] });
  });

  it("line middles up with middles, not with sides", () => {
    // Wider: only the middles can meet.
    const { dx, guides } = aligned(box(-30, 200, 240), [box(0, 0)], 6);
    expect(dx).toBe(-2);
    expect(guides.filter(({ axis }) => axis === "x")).toEqual([{ axis: "x", at: 88, from: 0, to: 268 }]);
    expect(aligned(box(88, 200, 300), [box(0, 0)], 6).guides).toEqual([]);
  });
});
