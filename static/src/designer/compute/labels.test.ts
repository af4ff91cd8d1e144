import { expect, test } from "vitest";

import { readLabels, sizeFault, writtenLabels } from "./labels.ts";

test("labels are read as they are written", () => {
  const labels = { zone: "eu-1", gpu: "a100", "team/name": "" };
  expect(readLabels("zone=eu-1, gpu=a100\nteam/name=")).toEqual(labels);
  expect(readLabels(writtenLabels(labels))).toEqual(labels);
  expect(readLabels("  ")).toEqual({});
});

test.each([
  ["gpu", "write key=value"],
  ["a=1 a=2", "two labels “a”"],
  ["-a=1", "is no label"],
  ["a=b=c", "is no label"],
])("%s is refused", (text, sentence) => {
  expect(readLabels(text)).toContain(sentence);
});

test.each(["2GB", "512 mb", "1.5Gi", "100"])("%s is a size", (text) => {
  expect(sizeFault(text)).toBeNull();
});

test.each(["much", "0GB", "-1GB", "2XB"])("%s is none", (text) => {
  expect(sizeFault(text)).toContain("is no size; write it as 512MB or 2GB.");
});
