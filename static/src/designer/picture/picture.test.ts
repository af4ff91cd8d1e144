import { describe, expect, it } from "vitest";

import { graph, step, testCatalog, wire } from "../../graph/testing.ts";
import type { Document } from "../../graph/types.ts";
import type { Tools } from "./pen.ts";
import type { Shown } from "./picture.ts";
import { drawPicture } from "./picture.ts";

const tools: Tools = {
  theme: "light",
  icon: () => "<path d='M0 0h24'/>",
  measure: (text, { size }) => text.length * size * 0.55,
};

const plain = graph(
  [step("load", "load", { x: 0, y: 0 }), step("split", "split", { x: 300, y: 40 })],
  [wire("load.table", "split.data")],
);

function draw(document: Document, more: Partial<Shown & Tools> = {}) {
  const shown = {
    document,
    catalog: testCatalog(),
    graphs: {},
    expanded: new Set<string>(),
    folded: new Set<string>(),
    title: "Test",
    ...more,
  };
  return drawPicture(shown, { ...tools, ...more });
}

/** As XML: a fault in it would throw or leave something out. */
const parsed = (svg: string) => new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
const texts = (svg: string) => [...parsed(svg).querySelectorAll("text")].map((each) => each.textContent);

describe("a picture of the canvas", () => {
  it("holds all nodes, with a margin around them", () => {
    const { svg, width, height } = draw(plain);
    expect(texts(svg)).toEqual(
      expect.arrayContaining(["load", "load · v1", "split", "split · v1", "train", "test"]),
    );
    const [x, y] = parsed(svg).getAttribute("viewBox")!.split(" ").map(Number) as [number, number];
    expect([x, y]).toEqual([-32, -32]);
    expect([width, height]).toEqual([32 + 300 + 176 + 32, 32 + 40 + 92 + 32]);
  });

  it("draws wires from port to port in the hue of their type", () => {
    const { svg } = draw(plain);
    expect(svg).toMatch(/d="M181,48 C[^"]+ 295,88"[^>]*stroke="#2f7f95"/);
  });

  it("has the colours of the theme that is asked for", () => {
    expect(draw(plain).svg).toContain('fill="#f6f7f9"');
    const dark = draw(plain, { theme: "dark" }).svg;
    expect(dark).toContain('fill="#0f1115"');
    expect(dark).not.toContain("#ffffff");
  });

  it("lets nobody's text become markup", () => {
    const evil = `</text><script>alert("1")</script>&'\u0001`;
    const note = {
      id: "n",
      text: `# ${evil}\n\n**${evil}**`,
      x: 0,
      y: 200,
      width: 600,
      height: 200,
      color: "yellow" as const,
    };
    const section = { id: "s", title: evil, color: "blue" as const };
    const document: Document = {
      ...graph([step("load", "load", { title: evil, section: "s" })]),
      notes: { n: note },
      sections: { s: section },
      outputs: { [evil]: { type: "mltable", source: "load", output: "table" } },
    };
    const { svg } = draw(document, { title: evil });
    expect(svg).not.toContain("<script");
    expect(svg).not.toContain("\u0001");
    expect(texts(svg).join("")).toContain("<script>");
  });

  it("draws order edges with their word, notes and groups", () => {
    const document: Document = {
      ...graph([step("load", "load", { section: "s" }), step("split", "split", { x: 0, y: 300 })]),
      order: { a: { source: "load", target: "split", condition: "failed" } },
      notes: {
        n: {
          id: "n",
          text: "# Plan\n\n- one\n- two **bold**",
          x: 400,
          y: 0,
          width: 200,
          height: 120,
          color: "pink",
        },
      },
      sections: { s: { id: "s", title: "Reading", color: "green" } },
    };
    const { svg } = draw(document);
    expect(texts(svg)).toEqual(expect.arrayContaining(["failed", "Reading", "Plan", "•", "one", "bold"]));
    expect(svg).toContain('stroke-dasharray="5 4"');
  });

  it("cuts titles that are wider than their node", () => {
    const { svg } = draw(graph([step("load", "load", { title: "A title of very many words ".repeat(5) })]));
    expect(texts(svg).some((text) => text.endsWith("…"))).toBe(true);
  });

  it("is there for an empty canvas too", () => {
    expect(draw(graph([])).width).toBe(64);
  });
});
