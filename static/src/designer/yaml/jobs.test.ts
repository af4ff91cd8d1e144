import { expect, test } from "vitest";

import { changeBetween, jobAt, jobPlaces } from "./jobs.ts";

const TEXT = `type: pipeline
inputs:
  train: 1
jobs:
  # the first
  First:
    inputs:
      train: 2

  'second':
    command: >-
      run
settings: {}
`;

test("jobs are found by their lines, by the names of their nodes", () => {
  const places = jobPlaces(TEXT);
  expect(places.map(({ id }) => id)).toEqual(["first", "second"]);
  expect(TEXT.slice(places[0]!.from, places[0]!.from + 6)).toBe("First:");
  expect(jobAt(TEXT, TEXT.indexOf("train: 2"))).toBe("first");
  expect(jobAt(TEXT, TEXT.indexOf("run"))).toBe("second");
  expect(jobAt(TEXT, TEXT.indexOf("train: 1"))).toBeNull();
  expect(jobAt(TEXT, TEXT.indexOf("settings"))).toBeNull();
});

test("what differs is one change", () => {
  for (const [before, after] of [
    ["a: 1\nb: 2\n", "a: 1\nb: 3\n"],
    ["aa", "aaa"],
    ["", "x"],
    ["same", "same"],
  ] as const) {
    const { from, to, insert } = changeBetween(before, after);
    expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
  }
  expect(changeBetween("a: 1\nb: 2\n", "a: 1\nb: 3\n")).toEqual({ from: 8, to: 9, insert: "3" });
});
