import { act, type ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { PreviewCard } from "../PreviewCard";
import type { Artifact, PreviewKind } from "../types";
import { HtmlPreviewBody } from "./HtmlPreview";

vi.mock("./vega", () => ({
  drawChart: () => Promise.resolve({ picture: () => Promise.resolve(""), end: () => {} }),
}));

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

let host: HTMLElement;
let root: Root;
let id = 0;

beforeEach(() => {
  host = document.createElement("div");
  document.body.append(host);
  root = createRoot(host);
});

afterEach(() => {
  act(() => root.unmount());
  host.remove();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const answer = (body: unknown, status = 200) =>
  vi.stubGlobal(
    "fetch",
    vi.fn(() => Promise.resolve(new Response(JSON.stringify(body), { status }))),
  );

const settle = () => act(() => new Promise((resolve) => setTimeout(resolve, 20)));

async function show(node: ReactNode) {
  act(() => root.render(node));
  await settle();
}

const artifact = (kind: string): Artifact => ({
  id: ++id,
  output: "result",
  type: "uri_file",
  kind: kind as PreviewKind,
  size: 12,
  digest: "d",
});

async function preview(kind: string, fields: object = {}, compact = false) {
  answer({ kind, type: "uri_file", size: 12, digest: "d", ...fields });
  await show(<PreviewCard api="/api/" artifact={artifact(kind)} compact={compact} />);
  // The chart's part comes by itself.
  for (let i = 0; i < 100 && host.querySelector("[role=status]"); i += 1) await settle();
}

/** For each kind what it may look like when a step's own code got it wrong. */
const BAD: [kind: string, fields: object][] = [
  ["table", {}],
  ["table", { columns: [{ name: "a" }], rows: [7, null, [], ["x", "y"]] }],
  ["table", { columns: "none", rows: {} }],
  ["table", { columns: [{ name: "a", histogram: [null, -1], top: "x", missing: "many" }], rows: [[{}]] }],
  ["chart", {}],
  ["chart", { spec: null }],
  ["metrics", {}],
  ["metrics", { values: { accuracy: null, f1: "high" }, detail: "text" }],
  ["metrics", { values: { accuracy: 1 }, detail: { report: { a: { b: 1 }, c: {} }, d: null } }],
  ["json", {}],
  ["json", { value: null }],
  ["json", { text: "{" }],
  ["image", {}],
  ["image", { path: 7 }],
  ["images", {}],
  ["images", { images: [null, {}, { path: "a.png" }, { path: "b.png", thumbnail: "javascript:alert(1)" }] }],
  ["text", {}],
  ["text", { text: 5 }],
  ["html", {}],
  ["model", {}],
  ["model", { summary: "forest" }],
  ["model", { summary: { features: [1, { name: "x" }, null], parameters: [], target: {} } }],
  ["folder", {}],
  ["folder", { files: [null, { path: "" }, { path: "/a//b", size: "big" }] }],
  ["file", {}],
  ["hologram", {}],
];

describe("a preview with a bad or missing field", () => {
  test.each(BAD)("%s %j says something and does not break", async (kind, fields) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    await preview(kind, fields);
    expect(host.textContent).not.toBe("");
    expect(host.querySelector("img[src^=javascript]")).toBeNull();
    await preview(kind, fields, true);
    expect(host.textContent).not.toBe("");
  });

  test("that is nothing at all can still be downloaded", async () => {
    answer(null);
    await show(<PreviewCard api="/api/" artifact={artifact("table")} />);
    expect(host.querySelector("a[download]")?.getAttribute("href")).toBe(`/api/artifacts/${id}/download/`);
  });
});

test("an error shows the server's sentence, and trying again asks again", async () => {
  answer({ detail: "The artifact was removed." }, 410);
  await show(<PreviewCard api="/api/" artifact={artifact("text")} />);
  expect(host.querySelector("[role=alert]")?.textContent).toContain("The artifact was removed.");
  answer({ kind: "text", text: "back again" });
  await act(async () => {
    host.querySelector("button")?.click();
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
  expect(host.textContent).toContain("back again");
});

test("markup in a step's data is text", async () => {
  const evil = "<img src=x onerror=alert(1)>";
  await preview("table", { row_count: 1, columns: [{ name: evil, type: "String" }], rows: [[evil]] });
  expect(host.querySelector("img")).toBeNull();
  expect(host.querySelector("td")?.textContent).toBe(evil);
  await preview("json", { value: { [evil]: evil } });
  expect(host.querySelector("img")).toBeNull();
});

test("a page that a step wrote stands in a frame that may do nothing", () => {
  const markup = renderToStaticMarkup(
    <HtmlPreviewBody
      api="/api/"
      artifact={{ ...artifact("html"), id: 7 }}
      preview={{ kind: "html", path: "a b/report.html" }}
      compact={false}
    />,
  );
  expect(markup).toContain('<iframe src="/api/artifacts/7/files/a%20b/report.html" sandbox=""');
});

test("a table tells its size, and a column its statistics when its head is pressed", async () => {
  await preview("table", {
    row_count: 2000,
    columns: [{ name: "age", type: "Int64", missing: 20, distinct: 70, min: 1, max: 99, mean: 41.5 }],
    rows: [[1], [null]],
  });
  expect(host.textContent).toContain("1% missing");
  expect(host.querySelector("footer")?.textContent).toMatch(/2\u202f000 rows × 1 column, first 2 shown/);
  const head = host.querySelector<HTMLButtonElement>("thead button")!;
  act(() => head.click());
  expect(head.getAttribute("aria-expanded")).toBe("true");
  expect(host.querySelector(".column-statistics")?.textContent).toContain("41.5");
});

test("a table of thousands of columns puts few into the page", async () => {
  const columns = Array.from({ length: 3000 }, (_, i) => ({ name: `c${i}`, type: "Int64" }));
  await preview("table", { row_count: 1, columns, rows: [columns.map((_, i) => i)] });
  expect(host.querySelectorAll("thead button")).toHaveLength(40);
});
