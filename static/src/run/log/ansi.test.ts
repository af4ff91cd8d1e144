import { expect, test } from "vitest";

import { parseAnsi, plainText, sliceSpans } from "./ansi";

const ESC = "\u001b";

test("plain text is one span without a class", () => {
  expect(parseAnsi("just text")).toEqual([{ text: "just text", className: "" }]);
});

test("colours and weights begin and end", () => {
  expect(parseAnsi(`${ESC}[1;31mError${ESC}[0m: ${ESC}[4mhere${ESC}[24m now`)).toEqual([
    { text: "Error", className: "ansi-fg-1 ansi-bold" },
    { text: ": ", className: "" },
    { text: "here", className: "ansi-underline" },
    { text: " now", className: "" },
  ]);
});

test("bright colours, backgrounds and the first sixteen of 256 are the basic ones; true colour is dropped", () => {
  expect(parseAnsi(`${ESC}[92ma${ESC}[39m${ESC}[44mb${ESC}[49m${ESC}[38;5;3mc${ESC}[38;2;1;2;3md`)).toEqual([
    { text: "a", className: "ansi-fg-2" },
    { text: "b", className: "ansi-bg-4" },
    { text: "c", className: "ansi-fg-3" },
    { text: "d", className: "" },
  ]);
});

test("parameters after a true colour are still read", () => {
  expect(parseAnsi(`${ESC}[38;2;10;20;30;1mx`)).toEqual([{ text: "x", className: "ansi-bold" }]);
});

test.each([
  [`${ESC}[2Kgone`, "gone"],
  [`${ESC}]8;;https://example.org\u0007link${ESC}]8;;\u0007`, "link"],
  [`${ESC}]0;title${ESC}\\text`, "text"],
  [`a\u0000b\u0008c`, "abc"],
  [`half ${ESC}[3`, "half 3"],
  [`end ${ESC}`, "end "],
])("other escapes are dropped: %j", (raw, text) => {
  expect(plainText(raw)).toBe(text);
  expect(
    parseAnsi(raw)
      .map((span) => span.text)
      .join(""),
  ).toBe(text);
});

test("markup is text like any other", () => {
  expect(parseAnsi("<img src=x onerror=alert(1)>")[0]?.text).toBe("<img src=x onerror=alert(1)>");
});

test("a slice keeps the looks of what it cuts", () => {
  const spans = parseAnsi(`ab${ESC}[31mcdef${ESC}[0mgh`);
  expect(sliceSpans(spans, 1, 4)).toEqual([
    { text: "b", className: "" },
    { text: "cd", className: "ansi-fg-1" },
  ]);
  expect(sliceSpans(spans, 6, Infinity)).toEqual([{ text: "gh", className: "" }]);
  expect(sliceSpans(spans, 3, 3)).toEqual([]);
});
