/** What tests build graphs from. `testing-types.json` is the part of `GET catalog/` that judges types. */

import served from "./testing-types.json";
import type { Catalog, ComponentNode, Document, Edge, InputPort, Interface, TypeMatrix } from "./types.ts";
import { EMPTY, edgeKey } from "./types.ts";
import { wholeNode } from "./whole.ts";

export const TYPES = served.types as unknown as TypeMatrix;
export const LABELS: Record<string, string> = served.labels;

export function input(name: string, type: string, more: Partial<InputPort> = {}): InputPort {
  const empty = { enum: null, min: null, max: null, widget: null, language: null, columns_of: null };
  return { name, label: name, type, description: "", optional: false, default: null, ...empty, ...more };
}

export function face(name: string, inputs: InputPort[], outputs: Record<string, string>): Interface {
  return {
    ref: `${name}:1`,
    name,
    version: "1",
    title: name,
    description: "",
    category: "Test",
    icon: "box",
    inputs,
    outputs: Object.entries(outputs).map(([port, type]) => ({
      name: port,
      label: port,
      type,
      description: "",
    })),
  };
}

const FACES = [
  face("load", [input("rows", "integer", { optional: true, default: 10 })], {
    table: "mltable",
    count: "integer",
  }),
  face("split", [input("data", "mltable"), input("ratio", "number", { optional: true, default: 0.7 })], {
    train: "mltable",
    test: "mltable",
  }),
  face("train", [input("data", "mltable"), input("depth", "integer", { optional: true })], {
    model: "mlflow_model",
  }),
  face("score", [input("model", "mlflow_model"), input("data", "mltable")], { result: "mltable" }),
];

export function testCatalog(): Catalog & { components: Map<string, Interface> } {
  return {
    components: new Map(FACES.map((each) => [each.ref, each])),
    assets: new Map(),
    types: TYPES,
    labels: LABELS,
  };
}

export const step = (id: string, name = id, more: Partial<ComponentNode> = {}): ComponentNode =>
  wholeNode({
    id,
    kind: "component",
    component: `${name}:1`,
    title: id,
    ...more,
  }) as ComponentNode;

export const wire = (from: string, to: string): Edge => {
  const [source = "", output = ""] = from.split(".");
  const [target = "", input_ = ""] = to.split(".");
  return { source, output, target, input: input_ };
};

export function graph(nodes: ComponentNode[], edges: Edge[] = []): Document {
  return {
    ...EMPTY,
    nodes: Object.fromEntries(nodes.map((node) => [node.id, node])),
    edges: Object.fromEntries(edges.map((edge) => [edgeKey(edge.target, edge.input), edge])),
  };
}
