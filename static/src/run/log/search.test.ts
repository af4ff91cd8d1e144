import { expect, test } from "vitest";

import { lastErrorLine, LogSearch, nextMatch } from "./search";

const lines = (...texts: string[]) => texts.map((text) => ({ text, stream: "stdout" }));

test("text is found as it is, capitals or not", () => {
  const log = lines("Loss=0.5", "loss 0x5", "LOSS=0.5 (a+b)");
  expect(new LogSearch("loss=0.5").update(log, 3)).toEqual([0, 2]);
  expect(new LogSearch("(a+b)").update(log, 3)).toEqual([2]);
  expect(new LogSearch("").update(log, 3)).toEqual([]);
});

test("what is added is searched, what may change is searched again", () => {
  const search = new LogSearch("err");
  expect(search.update(lines("err", "er"), 1)).toEqual([0]);
  expect(search.update(lines("changed: not read", "err", "err"), 3)).toEqual([0, 1, 2]);
});

test("next and previous go round", () => {
  expect(nextMatch([2, 5, 9], 5, 1)).toBe(9);
  expect(nextMatch([2, 5, 9], 9, 1)).toBe(2);
  expect(nextMatch([2, 5, 9], 2, -1)).toBe(9);
  expect(nextMatch([], 2, 1)).toBeUndefined();
});

test("why a step failed: the last exception before anything else", () => {
  expect(
    lastErrorLine(
      lines("ValueError: first", "polars.exceptions.ColumnNotFoundError: no", "some error", "exit code 1"),
    ),
  ).toBe(1);
  expect(lastErrorLine(lines("fine", "Error: disk full", "bye"))).toBe(1);
  expect(
    lastErrorLine([
      { text: "fine", stream: "stdout" },
      { text: "cannot", stream: "stderr" },
      { text: "Process failed", stream: "system" },
    ]),
  ).toBe(1);
  expect(lastErrorLine(lines("a", "b"))).toBe(1);
  expect(lastErrorLine([])).toBeNull();
});
