/** Documents and their parts with every key that may be left out. */

import type { Document, GraphNode, PipelineInput } from "./types.ts";
import { EMPTY } from "./types.ts";

export const NODE_ID = /^[a-z_][a-z0-9_]{0,254}$/;
export const INPUT_NAME = /^[A-Za-z_]\w{0,254}$/;

/** Settings without those that are unset. */
export function filled<T extends object>(settings: T): T {
  return Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== null && value !== undefined),
  ) as T;
}

export function wholeNode(given: Partial<GraphNode> & { id: string }): GraphNode {
  const node = {
    kind: "component",
    x: 0,
    y: 0,
    params: {},
    exposed: [],
    comment: "",
    ...given,
    title: given.title || given.id,
    settings: filled(given.settings ?? {}),
  };
  return node as GraphNode;
}

export function wholeInput(given: PipelineInput): PipelineInput {
  return { default: null, description: "", optional: false, x: 0, y: 0, ...given };
}

const mapValues = <T, U>(
  table: Readonly<Record<string, T>>,
  change: (value: T, key: string) => U,
): Record<string, U> =>
  Object.fromEntries(Object.entries(table).map(([key, value]) => [key, change(value, key)]));

export function wholeDocument(given: Partial<Document>): Document {
  return {
    ...EMPTY,
    ...given,
    settings: filled(given.settings ?? {}),
    inputs: mapValues(given.inputs ?? {}, wholeInput),
    nodes: mapValues(given.nodes ?? {}, (node, id) => wholeNode({ ...node, id })),
  };
}
