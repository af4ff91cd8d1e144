import { describe, expect, test } from "vitest";

import { columnTexts, formatBytes, formatCount, formatNumber, formatPercent } from "./format";

const N = "\u202f";

describe("numbers", () => {
  test.each([
    [0, "0"],
    [0.947368, "0.9474"],
    [0.95, "0.95"],
    [12.3456, "12.35"],
    [171, "171"],
    [1204.52, `1${N}204.5`],
    [1234567, `1${N}234${N}567`],
    [-0.5, "−0.5"],
    [1.234e-9, "1.23e−9"],
    [2.5e18, "2.5e18"],
    [0.00012341, "0.0001234"],
    [99.99999, "100"],
    [Number.NaN, "NaN"],
    [-Infinity, "−∞"],
  ])("%d reads %s", (value, text) => expect(formatNumber(value)).toBe(text));

  test("counts are grouped", () => {
    expect([999, 1000, 200_000, -1234].map(formatCount)).toEqual([
      "999",
      `1${N}000`,
      `200${N}000`,
      `−1${N}234`,
    ]);
  });
});

test("sizes", () => {
  expect([0, 999, 1000, 1024, 123904, 73400320, -1, null].map(formatBytes)).toEqual([
    "0 B",
    "999 B",
    "1 KB",
    "1 KB",
    "121 KB",
    "70 MB",
    "–",
    "–",
  ]);
});

test("a share that is not nothing never reads as nothing", () => {
  expect([0, 0.0001, 0.0123, 0.5, 0.9999, 1].map(formatPercent)).toEqual([
    "0%",
    "<0.1%",
    "1.2%",
    "50%",
    ">99.9%",
    "100%",
  ]);
});

test("a column's numbers have their points under each other; text and gaps stay", () => {
  expect(columnTexts([1, 2.5, null, 3.25])).toEqual(["1.00", "2.50", null, "3.25"]);
  expect(columnTexts([1, 2, 3])).toEqual(["1", "2", "3"]);
  expect(columnTexts(["a.b", "c", undefined])).toEqual(["a.b", "c", null]);
  expect(columnTexts([0.5, "x", 1e-9])).toEqual(["0.5", "x", "1e−9"]);
});
