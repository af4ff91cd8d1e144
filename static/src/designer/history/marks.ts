/** What a comparison marks on the canvas: pure, from the list of changes. */

import type { Document, Edge, OrderEdge } from "../../graph/types.ts";
import { INPUTS, inputNodeId } from "../../graph/types.ts";

export type Kind = "added" | "removed" | "changed" | "moved";

export interface Field {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface Change {
  readonly kind: Kind;
  readonly part: "node" | "edge" | "order" | "input" | "output" | "pipeline";
  readonly key: string;
  readonly title: string;
  readonly words: string;
  readonly fields: readonly Field[];
}

export interface Marks {
  readonly nodes: Readonly<Record<string, Change>>;
  readonly wires: Readonly<Record<string, "added" | "removed">>;
}

export const NO_MARKS: Marks = { nodes: {}, wires: {} };

/** A wire that is gone has a key of its own, since another one may lead into the same input now. */
export const goneKey = (key: string): string => `−${key}`;

export function marksOf(changes: readonly Change[]): Marks {
  const nodes: Record<string, Change> = {};
  const wires: Record<string, "added" | "removed"> = {};
  for (const change of changes) {
    const { part, kind, key } = change;
    if (part === "node") nodes[key] = change;
    else if (part === "input") nodes[inputNodeId(key)] = change;
    else if ((part === "edge" || part === "order") && (kind === "added" || kind === "removed"))
      wires[kind === "removed" ? goneKey(key) : key] = kind;
  }
  return { nodes, wires };
}

/** Both documents in one: the later one, with what is gone in its old place. */
export function bothOf(before: Document, after: Document): Document {
  const nodes = { ...before.nodes, ...after.nodes };
  const inputs = { ...before.inputs, ...after.inputs };
  const there = (id: string) => id === INPUTS || id in nodes;
  const edges: Record<string, Edge> = { ...after.edges };
  for (const [key, edge] of Object.entries(before.edges))
    if (!sameWire(edge, after.edges[key]) && there(edge.source)) edges[goneKey(key)] = edge;
  const order: Record<string, OrderEdge> = { ...after.order };
  for (const [key, edge] of Object.entries(before.order))
    if (edge.condition !== after.order[key]?.condition) order[goneKey(key)] = edge;
  return { ...after, nodes, inputs, edges, order };
}

const sameWire = (one: Edge, other: Edge | undefined): boolean =>
  one.source === other?.source && one.output === other.output;

/** The document with every part that `known` has too as the same object, so that only what differs is drawn anew. */
export function sharing(document: Document, known: Document): Document {
  const same = <T>(parts: Readonly<Record<string, T>>, others: Readonly<Record<string, T>>) =>
    Object.fromEntries(
      Object.entries(parts).map(([key, part]) => {
        const other = others[key];
        return [key, other !== undefined && JSON.stringify(other) === JSON.stringify(part) ? other : part];
      }),
    );
  return {
    ...document,
    nodes: same(document.nodes, known.nodes),
    inputs: same(document.inputs, known.inputs),
    edges: same(document.edges, known.edges),
    order: same(document.order, known.order),
  };
}

/** How many of each kind, in words: "2 added, 1 changed". */
export function summed(changes: readonly Change[]): string {
  const kinds: Kind[] = ["added", "removed", "changed", "moved"];
  const parts = kinds.flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count > 0 ? [`${count} ${kind}`] : [];
  });
  return parts.join(", ") || "nothing differs";
}
