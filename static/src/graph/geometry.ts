/** How large a node is and where its ports sit: px at zoom 1. `designer/graph/geometry.py` says the same. */

import type { Condition, GraphNode, Interface } from "./types.ts";
import { inputPorts, outputPorts } from "./ports.ts";

export const HEADER = 36;
export const ROW = 24;
export const PADDING = 8;
export const FOOTER = 24;
export const GRID = 8;
const MIN_WIDTH = 176;
const MAX_WIDTH = 320;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Row {
  readonly left: string;
  readonly right: string;
}

/** What a branch shows on its right: where its order edges leave. */
export const WAYS = ["True", "False"] as const;

/** The size that a title and two columns of port labels need; a loop has a row more, to say what it repeats. */
export function size(
  title: string,
  inputs: readonly string[],
  outputs: readonly string[],
  footer = false,
  loop = false,
): Size {
  const rows = Math.max(inputs.length, outputs.length);
  let wanted = 84 + 7.25 * title.length;
  for (let row = 0; row < rows; row++) {
    const letters = (inputs[row]?.length ?? 0) + (outputs[row]?.length ?? 0);
    wanted = Math.max(wanted, 48 + 6.5 * letters);
  }
  const width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, Math.ceil(wanted / GRID) * GRID));
  return { width, height: HEADER + ROW * rows + PADDING + (loop ? ROW : 0) + (footer ? FOOTER : 0) };
}

export function nodeSize(node: GraphNode, face: Interface | undefined, footer = false): Size {
  return size(
    node.title,
    inputPorts(node, face).map((port) => port.label),
    node.kind === "branch" ? WAYS : outputPorts(node, face).map((port) => port.label),
    footer,
    node.kind === "component" && node.loop !== undefined,
  );
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where order edges end, and where they leave: at `out`, or by their condition where a node has `ways`. */
export interface OrderAnchors {
  readonly into: Point;
  readonly out: Point;
  readonly ways: { readonly true: Point; readonly false: Point } | null;
}

/** The middle of the top, the middle of the bottom; out of a branch its two ways on the right. */
export function orderAnchors({ width, height }: Size, branch = false): OrderAnchors {
  return {
    into: { x: width / 2, y: 0 },
    out: { x: width / 2, y: height },
    ways: branch ? { true: { x: width, y: portY(0) }, false: { x: width, y: portY(1) } } : null,
  };
}

/** Where an order edge with this condition leaves its node. */
export function orderStart(anchors: OrderAnchors, condition: Condition): Point {
  if (anchors.ways && (condition === "true" || condition === "false")) return anchors.ways[condition];
  return anchors.out;
}

export function pipelineInputSize(name: string): Size {
  return size(name, [], [name]);
}

/** The y of the i-th port's middle, from the top of its node. */
export const portY = (index: number): number => HEADER + ROW * index + ROW / 2;

export const snap = (value: number): number => Math.round(value / GRID) * GRID;
