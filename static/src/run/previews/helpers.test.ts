import { expect, test } from "vitest";

import { fitSpec } from "./chartSpec";
import { folderTree } from "./folderTree";
import { metricLabel, tableRows } from "./MetricsPreview";

test("a chart of one plot is as wide as its place; the page's settings are not the chart's to make", () => {
  const spec = fitSpec({ mark: "bar", usermeta: { embedOptions: {} }, background: "white" }, 400, false);
  expect(spec).toMatchObject({ width: 384, autosize: { type: "fit-x" } });
  expect(spec).not.toHaveProperty("usermeta");
  expect(spec).not.toHaveProperty("background");
});

test("charts of several plots, facets and stepped widths keep their own", () => {
  expect(fitSpec({ hconcat: [] }, 400, false)).not.toHaveProperty("width");
  expect(fitSpec({ mark: "bar", encoding: { row: { field: "a" } } }, 400, false)).not.toHaveProperty("width");
  expect(fitSpec({ mark: "bar", width: { step: 20 } }, 400, false)).toMatchObject({ width: { step: 20 } });
});

test("paths become a tree in the order of people, with sizes summed up", () => {
  const tree = folderTree([
    { path: "b.txt", size: 1 },
    { path: "img/10.png", size: 10 },
    { path: "img/2.png", size: 2 },
    { path: "img/deep/a", size: Number.NaN },
  ]);
  expect(tree).toMatchObject({ count: 4, size: 13 });
  expect(tree.folders[0]).toMatchObject({ name: "img", count: 3, size: 12 });
  expect(tree.folders[0]?.files.map((file) => file.name)).toEqual(["2.png", "10.png"]);
});

test("metric names read as words", () => {
  expect(["roc_auc", "mean_absolute_error", "f1", "log_loss"].map(metricLabel)).toEqual([
    "ROC AUC",
    "Mean absolute error",
    "F1",
    "Log loss",
  ]);
});

test("detail in the shape of a table is shown as one", () => {
  expect(tableRows({ cat: { recall: 1 }, dog: { recall: 0.5 } })).not.toBeNull();
  expect(tableRows([{ column: "age", mean: 41 }])).toEqual({ age: { mean: 41 } });
  expect([[], [1, 2], [{ a: 1 }], [{ a: "x" }, { a: "x" }], { a: 1 }, {}, null].map(tableRows)).toEqual(
    Array(7).fill(null),
  );
});
