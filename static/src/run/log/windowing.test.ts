import { describe, expect, test } from "vitest";

import { lineBreaks, RowMap, rowWindow, scrollTopFor } from "./windowing";

describe("the window", () => {
  test("holds what is in view and a little more", () => {
    expect(rowWindow(0, 180, 18, 1000, 5)).toEqual({ first: 0, end: 15 });
    expect(rowWindow(1800, 180, 18, 1000, 5)).toEqual({ first: 95, end: 115 });
    expect(rowWindow(17820, 180, 18, 1000, 5)).toEqual({ first: 985, end: 1000 });
  });

  test("is empty for nothing, and sane beyond the ends", () => {
    expect(rowWindow(0, 180, 18, 0)).toEqual({ first: 0, end: 0 });
    expect(rowWindow(-50, 180, 18, 3)).toEqual({ first: 0, end: 3 });
    const far = rowWindow(1e9, 180, 18, 100);
    expect(far.first).toBeLessThanOrEqual(far.end);
  });

  test("of 200,000 rows is as small as of a hundred", () => {
    const { first, end } = rowWindow(1_000_000, 600, 18, 200_000);
    expect(end - first).toBeLessThan(70);
  });

  test("a wanted row stands a third down, except at the ends", () => {
    expect(scrollTopFor(500, 300, 18, 1000)).toBe(500 * 18 - 100);
    expect(scrollTopFor(0, 300, 18, 1000)).toBe(0);
    expect(scrollTopFor(999, 300, 18, 1000)).toBe(1000 * 18 - 300);
    expect(scrollTopFor(2, 300, 18, 5)).toBe(0);
  });
});

describe("wrapped lines", () => {
  const lines = ["short", "x".repeat(25), "", "y".repeat(20)].map((text) => ({ text }));

  test("break at the width", () => {
    expect(lineBreaks("x".repeat(25), 10)).toEqual([0, 10, 20]);
    expect(lineBreaks("", 10)).toEqual([0]);
    expect(lineBreaks("x".repeat(20), 10)).toEqual([0, 10]);
  });

  test("with wide characters break early enough, never inside one", () => {
    expect(lineBreaks("日本語日本語", 4)).toEqual([0, 2, 4]);
    expect(lineBreaks("🚀🚀🚀", 4)).toEqual([0, 4]);
  });

  test("are several rows, and each row knows its line", () => {
    const map = new RowMap(10).update(lines, lines.length);
    expect(map.total).toBe(7);
    expect([0, 1, 2, 3].map((line) => map.rowOf(line))).toEqual([0, 1, 4, 5]);
    expect([0, 1, 3, 4, 6].map((row) => map.lineAt(row))).toEqual([
      { line: 0, part: 0 },
      { line: 1, part: 0 },
      { line: 1, part: 2 },
      { line: 2, part: 0 },
      { line: 3, part: 1 },
    ]);
  });

  test("without wrapping a row is a line", () => {
    const map = new RowMap(null).update(lines, lines.length);
    expect([map.total, map.rowOf(3), map.lineAt(2)]).toEqual([4, 3, { line: 2, part: 0 }]);
  });

  test("that grow are measured again, the rest are not", () => {
    const map = new RowMap(10).update([{ text: "a" }, { text: "b" }], 1);
    map.update([{ text: "never measured again".repeat(9) }, { text: "b".repeat(11) }, { text: "c" }], 3);
    expect(map.total).toBe(4);
  });
});
