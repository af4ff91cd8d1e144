/** Small pipelines to begin with, made from the components of the workspace. */

import { nodeSize, snap } from "../../graph/geometry.ts";
import { judge } from "../../graph/connection.ts";
import { apply } from "../../graph/apply.ts";
import { mintId, takenIn } from "../../graph/ids.ts";
import type { Op, Scalar } from "../../graph/types.ts";
import { wholeNode } from "../../graph/whole.ts";
import { app, edit } from "../app.ts";
import { docStore } from "../state/doc.ts";
import { select } from "../state/ui.ts";
import { fit } from "./focus.ts";

interface StarterStep {
  readonly component: string;
  readonly at: readonly [number, number];
  readonly params?: Readonly<Record<string, Scalar>>;
  /** `input <- step.output`, by place in the list. */
  readonly from?: Readonly<Record<string, readonly [number, string]>>;
}

export interface Starter {
  readonly title: string;
  readonly text: string;
  readonly icon: string;
  readonly steps: readonly StarterStep[];
}

export const STARTERS: readonly Starter[] = [
  {
    title: "Train a classifier",
    text: "Split, train, score and evaluate on the iris data",
    icon: "trees",
    steps: [
      { component: "sample_dataset", at: [0, 0], params: { dataset: "iris" } },
      { component: "split_data", at: [1, 0], from: { table: [0, "result"] } },
      {
        component: "train_random_forest",
        at: [2, -0.6],
        params: { target: "species" },
        from: { table: [1, "train"] },
      },
      { component: "score_model", at: [3, 0.2], from: { model: [2, "model"], table: [1, "test"] } },
      {
        component: "evaluate_classification",
        at: [4, 0.2],
        params: { actual: "species" },
        from: { table: [3, "result"] },
      },
    ],
  },
  {
    title: "Explore a table",
    text: "Clean missing values and summarise every column",
    icon: "table-properties",
    steps: [
      { component: "sample_dataset", at: [0, 0], params: { dataset: "wine" } },
      { component: "clean_missing_values", at: [1, 0], from: { table: [0, "result"] } },
      { component: "summarise_data", at: [2, 0], from: { table: [1, "result"] } },
    ],
  },
  {
    title: "Find groups",
    text: "Normalise the columns and cluster rows with k-means",
    icon: "boxes",
    steps: [
      { component: "sample_dataset", at: [0, 0], params: { dataset: "wine" } },
      { component: "normalise", at: [1, 0], from: { table: [0, "result"] } },
      { component: "train_kmeans", at: [2, 0], from: { table: [1, "result"] } },
    ],
  },
];

const COLUMN = 264;
const LINE = 160;

export function addStarter(starter: Starter): void {
  const { document, components } = docStore.getState();
  const { catalog } = app();
  const taken = takenIn(document);
  const ids: string[] = [];
  const ops: Op[] = [];
  for (const step of starter.steps) {
    const face = components.find((each) => each.name === step.component);
    if (!face) return;
    const id = mintId(face.name, (name) => taken(name) || ids.includes(name));
    ids.push(id);
    const known = new Set(face.inputs.map((port) => port.name));
    const params = Object.fromEntries(Object.entries(step.params ?? {}).filter(([name]) => known.has(name)));
    const node = wholeNode({
      id,
      kind: "component",
      component: face.ref,
      title: face.title,
      params,
    });
    const { width } = nodeSize(node, face);
    ops.push({
      op: "add_node",
      node: { ...node, x: snap(step.at[0] * COLUMN - width / 2), y: snap(step.at[1] * LINE) },
    });
  }
  let after = apply(document, ops, catalog).document;
  starter.steps.forEach((step, index) => {
    for (const [input, [from, output]] of Object.entries(step.from ?? {})) {
      const wire = { source: ids[from]!, output, target: ids[index]!, input };
      if (judge(after, catalog, wire).verdict === "no") continue;
      const op: Op = { op: "connect", ...wire };
      after = apply(after, op, catalog).document;
      ops.push(op);
    }
  });
  if (!edit(ops, `Start with ${starter.title}`)) return;
  select([]);
  setTimeout(fit, 60);
}
