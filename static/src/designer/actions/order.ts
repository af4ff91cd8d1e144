/** Order edges: "run after", without data. */

import { reach } from "../../graph/adjacency.ts";
import type { Judgement } from "../../graph/connection.ts";
import { judgeOrder } from "../../graph/connection.ts";
import type { Condition, Document, GraphNode, OrderEdge } from "../../graph/types.ts";
import { orderKey } from "../../graph/types.ts";
import { edit } from "../app.ts";
import { conditionsOf } from "../canvas/conditions.ts";
import { docStore } from "../state/doc.ts";
import type { PortEnd } from "../state/ui.ts";
import { announce } from "../state/ui.ts";
import { titleOf } from "./edit.ts";

/** The handles of order edges, as React Flow and the wire in hand name them: names that no port can have. */
export const AFTER = "$after";
export const THEN = "$then";
const WAYS = { $true: "true", $false: "false" } as const;

export const isOrderEnd = (end: PortEnd): boolean => end.port.startsWith("$");

/** The handle that an order edge leaves by. */
export const handleOf = (source: GraphNode | undefined, condition: Condition): string =>
  source?.kind === "branch" ? `$${condition}` : THEN;

/** The handles that order edges may leave a node by, from left to right. */
export const handlesOut = (node: GraphNode): readonly string[] =>
  node.kind === "data" ? [] : node.kind === "branch" ? ["$true", "$false"] : [THEN];

/** The edge between two handles, whichever way it was drawn. */
export function orderBetween(a: PortEnd, b: PortEnd): OrderEdge | null {
  const [from, to] = a.side === "out" ? [a, b] : [b, a];
  if (from.side !== "out" || to.side !== "in") return null;
  const { document } = docStore.getState();
  const there = document.order[orderKey(to.node, from.node)]?.condition;
  const way = WAYS[from.port as keyof typeof WAYS] as Condition | undefined;
  const condition = way ?? there ?? conditionsOf(document.nodes[from.node])[0]!;
  return { source: from.node, target: to.node, condition };
}

/** Nodes that an order edge may join to this one, and why not where it may not. */
export function joinable(document: Document, id: string, side: "in" | "out"): Map<string, Judgement> {
  const upstream = side === "out" ? reach(document, id, "in") : null;
  const downstream = side === "in" ? reach(document, id) : null;
  const found = new Map<string, Judgement>();
  for (const node of Object.values(document.nodes)) {
    if (node.kind === "data" || node.id === id) continue;
    const [source, target] = side === "out" ? [id, node.id] : [node.id, id];
    const condition = conditionsOf(document.nodes[source])[0]!;
    // What lies the other way round is known from one walk; only then a sentence is made, which walks again.
    const loops = (upstream ?? downstream)!.has(node.id);
    found.set(node.id, judgeOrder(document, { source, target, condition }, loops ? undefined : NOWHERE));
  }
  return found;
}

const NOWHERE: ReadonlySet<string> = new Set<string>();

export function connectOrder(edge: OrderEdge): boolean {
  const { source, target, condition } = edge;
  const sentence = `${titleOf(target)} runs after ${titleOf(source)}: ${condition}`;
  const before = docStore.getState().document.order[orderKey(target, source)];
  if (before?.condition === condition) return true;
  const label = before
    ? `Change when ${titleOf(target)} runs`
    : `Run ${titleOf(target)} after ${titleOf(source)}`;
  if (!edit([{ op: "connect_order", source, target, condition }], label)) return false;
  announce(`${sentence}.`);
  return true;
}

export function disconnectOrder(edges: readonly OrderEdge[]): void {
  const label =
    edges.length === 1
      ? `${titleOf(edges[0]!.target)} no longer waits for ${titleOf(edges[0]!.source)}`
      : "Remove order edges";
  const done = edit(
    edges.map(({ source, target }) => ({ op: "disconnect_order", source, target })),
    label,
  );
  if (done) announce(`${label}.`);
}

/** Let an edge begin elsewhere: one undo step. */
export function moveOrder(edge: OrderEdge, source: string): boolean {
  const condition = conditionsOf(docStore.getState().document.nodes[source]).includes(edge.condition)
    ? edge.condition
    : conditionsOf(docStore.getState().document.nodes[source])[0]!;
  return edit(
    [
      { op: "disconnect_order", source: edge.source, target: edge.target },
      { op: "connect_order", source, target: edge.target, condition },
    ],
    `Run ${titleOf(edge.target)} after ${titleOf(source)}`,
  );
}
