import { expect, test } from "vitest";

import { elapsed, formatDuration, formatElapsed } from "./duration";

test.each([
  [0, "0 ms"],
  [240.4, "240 ms"],
  [999.4, "999 ms"],
  [999.6, "1.0 s"],
  [4_249, "4.2 s"],
  [59_949, "59.9 s"],
  [59_960, "1m 00s"],
  [187_000, "3m 07s"],
  [3_599_600, "1h 00m"],
  [7_500_000, "2h 05m"],
  [86_400_000 * 3 + 3_600_000 * 4, "3d 04h"],
  [-5, "0 ms"],
])("%d ms is %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

test("nothing to tell is a dash", () => {
  expect([null, undefined, Number.NaN].map(formatDuration)).toEqual(["–", "–", "–"]);
});

test("a running clock shows whole seconds that have passed", () => {
  expect([0, 999, 1_000, 59_999, 60_000, 3_600_000].map(formatElapsed)).toEqual([
    "0 s",
    "0 s",
    "1 s",
    "59 s",
    "1m 00s",
    "1h 00m",
  ]);
});

test("elapsed counts to the end, or to now, and never backwards", () => {
  expect(elapsed("2026-01-01T00:00:00Z", "2026-01-01T00:00:02Z", 0)).toBe(2000);
  expect(elapsed("2026-01-01T00:00:00Z", null, Date.parse("2026-01-01T00:00:05Z"))).toBe(5000);
  expect(elapsed("2026-01-01T00:00:00Z", null, 0)).toBe(0);
  expect(elapsed(null, null, 0)).toBeNull();
  expect(elapsed("yesterday", null, 0)).toBeNull();
});
