import { expect, test } from "vitest";

import { kindLook, mostTelling, orderOutputs } from "./previewChoice";
import type { Artifact, PreviewKind } from "./types";

const output = (name: string, kind: string): Artifact => ({
  id: 1,
  output: name,
  type: "uri_file",
  kind: kind as PreviewKind,
  size: 1,
  digest: "",
});
const outputs = (...pairs: [string, string][]) =>
  Object.fromEntries(pairs.map(([name, kind]) => [name, output(name, kind)]));

test("what tells most comes first, and equals keep their order", () => {
  const ordered = orderOutputs(
    outputs(["raw", "file"], ["train", "table"], ["roc", "chart"], ["test", "table"], ["scores", "metrics"]),
  );
  expect(ordered.map((artifact) => artifact.output)).toEqual(["roc", "scores", "train", "test", "raw"]);
});

test("a kind that is not known comes last and looks like a file", () => {
  expect(mostTelling(outputs(["new", "hologram"], ["raw", "file"]))?.output).toBe("raw");
  expect(kindLook("hologram")).toEqual({ word: "File", icon: "file" });
  expect(mostTelling({})).toBeUndefined();
});
