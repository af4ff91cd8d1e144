import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { apply } from "./apply.ts";
import type { Point } from "./geometry.ts";
import { HEADER, ROW, orderAnchors, portY, size } from "./geometry.ts";
import { Refusal } from "./refusal.ts";
import type { Catalog, Document, Interface, Op } from "./types.ts";
import { LABELS, TYPES } from "./testing.ts";
import { wholeDocument } from "./whole.ts";

const FIXTURES = join(import.meta.dirname, "../../../tests/fixtures");

function read<T>(folder: string): [string, T][] {
  const names = readdirSync(join(FIXTURES, folder)).filter((name) => name.endsWith(".json"));
  return names.map((name) => [name, JSON.parse(readFileSync(join(FIXTURES, folder, name), "utf8")) as T]);
}

interface Rule {
  rule: string;
  catalog: Interface[];
  assets?: Record<string, string>;
  before: Partial<Document>;
  ops: Op[];
  after?: Partial<Document>;
  inverse?: Op[];
  error?: { code: string; message: string };
}

const catalogOf = (rule: Rule): Catalog => ({
  components: new Map(rule.catalog.map((face) => [face.ref, face])),
  assets: new Map(Object.entries(rule.assets ?? {})),
  strictAssets: true,
  types: TYPES,
  labels: LABELS,
});

describe("the rules that browser and server share", () => {
  it.each(read<Rule>("ops"))("%s", (_name, rule) => {
    const before = wholeDocument(rule.before);
    const frozen = structuredClone(before);
    const catalog = catalogOf(rule);
    if (rule.error) {
      let refusal: unknown = null;
      try {
        apply(before, rule.ops, catalog);
      } catch (error) {
        refusal = error;
      }
      expect(refusal).toBeInstanceOf(Refusal);
      expect((refusal as Refusal).code).toBe(rule.error.code);
      if (rule.error.code !== "malformed") expect((refusal as Refusal).message).toBe(rule.error.message);
    } else {
      const done = apply(before, rule.ops, catalog);
      expect(done.document).toEqual(wholeDocument(rule.after!));
      expect(done.inverse).toEqual(rule.inverse);
      expect(apply(done.document, done.inverse, catalog).document).toEqual(before);
    }
    expect(before).toEqual(frozen);
  });
});

interface Geometry {
  title: string;
  inputs: string[];
  outputs: string[];
  footer: boolean;
  loop: boolean;
  branch: boolean;
  order: {
    into: [number, number];
    out: [number, number];
    ways: { true: [number, number]; false: [number, number] } | null;
  };
  box: { width: number; height: number; inputs: number[]; outputs: number[] };
}

describe("geometry", () => {
  it.each(read<Geometry>("geometry"))("%s", (_name, rule) => {
    const { title, inputs, outputs, box } = rule;
    const found = size(title, inputs, outputs, rule.footer, rule.loop);
    const at = ({ x, y }: Point) => [x, y];
    const anchors = orderAnchors(found, rule.branch);
    expect({
      into: at(anchors.into),
      out: at(anchors.out),
      ways: anchors.ways && { true: at(anchors.ways.true), false: at(anchors.ways.false) },
    }).toEqual(rule.order);
    expect({
      ...found,
      inputs: inputs.map((_, index) => portY(index)),
      outputs: outputs.map((_, index) => portY(index)),
    }).toEqual(box);
    expect(HEADER + ROW / 2).toBe(48);
  });
});
