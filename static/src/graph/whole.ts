/** Documents and their parts with every key that may be left out. */

import type { Branch, Loop } from "./control.ts";
import { wholeBranch, wholeLoop } from "./loops.ts";
import type { Document, GraphNode, NodeSettings, PipelineInput, PipelineOutput } from "./types.ts";
import { EMPTY } from "./types.ts";

export const NODE_ID = /^[a-z_][a-z0-9_]{0,254}$/;
export const INPUT_NAME = /^[A-Za-z_]\w{0,254}$/;

/** Settings without those that are unset. */
export function filled<T extends object>(settings: T): T {
  return Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== null && value !== undefined),
  ) as T;
}

/** A node's settings without what is unset, in `resources` too. */
export function wholeSettings(given: NodeSettings): NodeSettings {
  const settings = filled(given);
  return settings.resources ? { ...settings, resources: filled(settings.resources) } : settings;
}

export function wholeNode(given: Partial<GraphNode> & { id: string }): GraphNode {
  return wholeControl({
    kind: "component",
    x: 0,
    y: 0,
    params: {},
    exposed: [],
    comment: "",
    ...given,
    title: given.title || given.id,
    settings: given.settings ?? {},
  } as GraphNode);
}

/** A node whose settings, loop and rule may leave things out. */
export function wholeControl(given: { readonly kind: string; readonly settings: NodeSettings }): GraphNode {
  const node: Record<string, unknown> = { ...given, settings: wholeSettings(given.settings) };
  if (given.kind === "branch") node["branch"] = wholeBranch(node["branch"] as Branch | undefined);
  if (node["loop"]) node["loop"] = wholeLoop(node["loop"] as Loop & Record<string, unknown>);
  else delete node["loop"];
  return node as unknown as GraphNode;
}

export function wholeInput(given: PipelineInput): PipelineInput {
  return { default: null, description: "", optional: false, x: 0, y: 0, ...given };
}

export const wholeOutput = (given: PipelineOutput): PipelineOutput => ({ description: "", ...given });

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
    outputs: mapValues(given.outputs ?? {}, wholeOutput),
    nodes: mapValues(given.nodes ?? {}, (node, id) => wholeNode({ ...node, id })),
  };
}
