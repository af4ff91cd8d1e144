/** Which wires and order edges leave and reach a node, kept along with the document so that no operation has to scan them all. */

import type { Document, Edge, OrderEdge } from "./types.ts";
import { edgeKey, orderKey, sourceId } from "./types.ts";

type Index<E> = Map<string, Map<string, E>>;

/** The index of every table of one kind of edges. */
class Adjacency<E extends { readonly target: string }> {
  private readonly indexes = new WeakMap<Readonly<Record<string, E>>, { out: Index<E>; in: Index<E> }>();

  constructor(
    private readonly source: (edge: E) => string,
    private readonly key: (edge: E) => string,
  ) {}

  out(edges: Readonly<Record<string, E>>, id: string): Iterable<E> {
    return this.of(edges).out.get(id)?.values() ?? [];
  }

  in(edges: Readonly<Record<string, E>>, id: string): Iterable<E> {
    return this.of(edges).in.get(id)?.values() ?? [];
  }

  /** Hand the index of `before` on to its copy `after`. A document that is left behind rebuilds its own when asked. */
  handOn(before: Readonly<Record<string, E>>, after: Readonly<Record<string, E>>): void {
    const index = this.indexes.get(before);
    if (!index) return;
    this.indexes.delete(before);
    this.indexes.set(after, index);
  }

  added(edges: Readonly<Record<string, E>>, edge: E): void {
    const index = this.indexes.get(edges);
    if (index) this.put(index, edge);
  }

  removed(edges: Readonly<Record<string, E>>, edge: E): void {
    const index = this.indexes.get(edges);
    index?.out.get(this.source(edge))?.delete(this.key(edge));
    index?.in.get(edge.target)?.delete(this.key(edge));
  }

  private of(edges: Readonly<Record<string, E>>): { out: Index<E>; in: Index<E> } {
    let index = this.indexes.get(edges);
    if (!index) {
      index = { out: new Map(), in: new Map() };
      for (const edge of Object.values(edges)) this.put(index, edge);
      this.indexes.set(edges, index);
    }
    return index;
  }

  private put(index: { out: Index<E>; in: Index<E> }, edge: E): void {
    for (const [side, id] of [
      [index.out, this.source(edge)],
      [index.in, edge.target],
    ] as const) {
      const found = side.get(id);
      if (found) found.set(this.key(edge), edge);
      else side.set(id, new Map([[this.key(edge), edge]]));
    }
  }
}

export const wires = new Adjacency<Edge>(sourceId, (edge) => edgeKey(edge.target, edge.input));
export const order = new Adjacency<OrderEdge>(
  (edge) => edge.source,
  (edge) => orderKey(edge.target, edge.source),
);

export const wiresOut = (edges: Document["edges"], id: string): Iterable<Edge> => wires.out(edges, id);
export const wiresIn = (edges: Document["edges"], id: string): Iterable<Edge> => wires.in(edges, id);
export const orderOut = (edges: Document["order"], id: string): Iterable<OrderEdge> => order.out(edges, id);
export const orderIn = (edges: Document["order"], id: string): Iterable<OrderEdge> => order.in(edges, id);

/** What comes right after a node, by wires and by order edges; one entry an edge. */
export function* nextOf(document: Document, id: string): Iterable<string> {
  for (const edge of wiresOut(document.edges, id)) yield edge.target;
  for (const edge of orderOut(document.order, id)) yield edge.target;
}

/** What comes right before a node, by wires and by order edges; one entry an edge. */
export function* previousOf(document: Document, id: string): Iterable<string> {
  for (const edge of wiresIn(document.edges, id)) yield sourceId(edge);
  for (const edge of orderIn(document.order, id)) yield edge.source;
}

/** Everything that comes after `start` (or before it), itself included; along wires alone with `"data"`. */
export function reach(
  document: Document,
  start: string,
  direction: "out" | "in" = "out",
  along: "all" | "data" = "all",
): Set<string> {
  const next = direction === "out" ? nextOf : previousOf;
  const followed = along === "all" ? document : { ...document, order: {} };
  const seen = new Set([start]);
  const waiting = [start];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const other of next(followed, id)) {
      if (!seen.has(other)) {
        seen.add(other);
        waiting.push(other);
      }
    }
  }
  return seen;
}

/** The nodes on a way along wires and order edges from one node to another, both included, or null. */
export function path(document: Document, from: string, to: string): string[] | null {
  const before = new Map<string, string | null>([[from, null]]);
  const waiting = [from];
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    if (id === to) {
      const steps: string[] = [];
      for (let at: string | null = to; at !== null; at = before.get(at) ?? null) steps.unshift(at);
      return steps;
    }
    for (const next of nextOf(document, id)) {
      if (!before.has(next)) {
        before.set(next, id);
        waiting.push(next);
      }
    }
  }
  return null;
}
