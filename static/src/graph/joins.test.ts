import { describe, expect, it } from "vitest";

import { bridges, Joins } from "./joins.ts";
import type { Catalog, InputPort, Interface } from "./types.ts";

const port = (name: string, type: string, optional = false): InputPort => ({
  name,
  label: name,
  type,
  description: "",
  optional,
  default: null,
  enum: null,
  min: null,
  max: null,
  widget: null,
  language: null,
  columns_of: null,
});

const face = (name: string, inputs: InputPort[], outputs: [string, string][]): Interface => ({
  ref: `${name}:1`,
  name,
  version: "1",
  title: name,
  description: "",
  category: "",
  icon: "",
  pipeline: false,
  inputs,
  outputs: outputs.map(([output, type]) => ({ name: output, label: output, type, description: "" })),
});

const catalog: Catalog = {
  types: {},
  labels: {},
  components: new Map(),
  assets: new Map(),
};

const FACES = [
  face(
    "train_many",
    [port("table", "mltable"), port("target", "string"), port("seed", "string")],
    [["model", "custom_model"]],
  ),
  face("train", [port("table", "mltable"), port("target", "string")], [["model", "custom_model"]]),
  face("sort", [port("table", "mltable")], [["result", "mltable"]]),
];
const SPLIT = { component: "split", port: "train", type: "mltable" };
const SCORE = { component: "score", port: "model", type: "custom_model" };

describe("a join that does not fit", () => {
  const names = (joins: Joins) => bridges(SPLIT, SCORE, FACES, catalog, joins).map(({ face }) => face.name);

  it("is made to fit by what takes the one and gives the other, the simplest first", () => {
    expect(names(new Joins([]))).toEqual(["train", "train_many"]);
  });

  it("is made to fit by what the workspace uses there", () => {
    expect(names(new Joins([["split", "train", "train_many", "table", 3]]))).toEqual(["train_many", "train"]);
  });

  it("names the ports that are joined", () => {
    expect(bridges(SPLIT, SCORE, FACES, catalog, new Joins([]))[0]).toMatchObject({
      input: "table",
      output: "model",
    });
  });
});

describe("what is likely where a join is not known", () => {
  it("is what follows components of the same category, and not of another", () => {
    const category = (name: string) => (name === "split" ? "Preparation" : "Data");
    const joins = new Joins(
      [
        ["enter", "result", "split", "table", 3],
        ["sample", "result", "split", "table", 2],
        ["split", "train", "train", "table", 9],
      ],
      category,
    );
    expect(joins.withCategory("out", "Data", "split", "table")).toBe(5);
    expect(joins.withCategory("out", "Data", "train", "table")).toBe(0);
    expect(joins.withCategory("in", "Preparation", "enter", "result")).toBe(3);
  });
});
