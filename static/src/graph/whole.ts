/** Documents and their parts with every key that may be left out. */

import type { Branch, Loop } from "./control.ts";
import { wholeBranch, wholeLoop } from "./loops.ts";
import type {
  Document,
  GraphNode,
  NodeSettings,
  Note,
  PipelineInput,
  PipelineOutput,
  Section,
} from "./types.ts";
import { EMPTY } from "./types.ts";

export const NODE_ID = /^[a-z_][a-z0-9_]{0,254}$/;
export const INPUT_NAME = /^(?=.{1,255}$)[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;

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
  if (node["outputs"]) node["outputs"] = wholeOutputs(node["outputs"] as NonNullable<GraphNode["outputs"]>);
  return without(node, ["outputs", "kept", "mode", "section"]) as unknown as GraphNode;
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === "object" && Object.keys(value).length === 0);

const wholeOutputs = (given: NonNullable<GraphNode["outputs"]>): NonNullable<GraphNode["outputs"]> =>
  Object.fromEntries(
    Object.entries(given)
      .map(([name, output]) => [name, filled(output)] as const)
      .filter(([, output]) => !isEmpty(output)),
  );

/** A table without those of these keys that say nothing. */
const without = <T extends object>(given: T, keys: readonly (keyof T)[]): T =>
  Object.fromEntries(
    Object.entries(given).filter(([key, value]) => !keys.includes(key as keyof T) || !isEmpty(value)),
  ) as T;

export function wholeInput(given: PipelineInput): PipelineInput {
  const whole = { default: null, description: "", optional: false, x: 0, y: 0, ...given };
  return without(whole, ["enum", "min", "max", "section", "kept"]);
}

export function wholeOutput(given: PipelineOutput): PipelineOutput {
  const whole = {
    description: "",
    ...given,
    ...(given.settings ? { settings: filled(given.settings) } : {}),
  };
  return without(whole, ["settings"]);
}

const NEW_NOTE = { text: "", x: 0, y: 0, width: 240, height: 160, color: "yellow" } as const;

export const wholeNote = (given: Partial<Note> & { id: string }): Note =>
  without({ ...NEW_NOTE, ...given }, ["section"]);

export const wholeSection = (given: Partial<Section> & { id: string }): Section => ({
  title: "",
  color: "gray",
  ...given,
});

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
