/** Which wires leave a node, kept along with the document so that no operation has to scan all wires. */

import type { Document, Edge } from "./types.ts";
import { edgeKey, sourceId } from "./types.ts";

type Wires = Readonly<Record<string, Edge>>;
type Index = Map<string, Map<string, Edge>>;

interface Both {
  out: Index;
  in: Index;
}

const indexes = new WeakMap<Wires, Both>();

function put(index: Index, id: string, key: string, edge: Edge): void {
  const wires = index.get(id);
  if (wires) wires.set(key, edge);
  else index.set(id, new Map([[key, edge]]));
}

function of(edges: Wires): Both {
  let index = indexes.get(edges);
  if (!index) {
    index = { out: new Map(), in: new Map() };
    for (const [key, edge] of Object.entries(edges)) {
      put(index.out, sourceId(edge), key, edge);
      put(index.in, edge.target, key, edge);
    }
    indexes.set(edges, index);
  }
  return index;
}

export function wiresOut(edges: Wires, id: string): Iterable<Edge> {
  return of(edges).out.get(id)?.values() ?? [];
}

export function wiresIn(edges: Wires, id: string): Iterable<Edge> {
  return of(edges).in.get(id)?.values() ?? [];
}

/** Hand the index of `before` on to its copy `after`. A document that is left behind rebuilds its own when asked. */
export function handOn(before: Wires, after: Wires): void {
  const index = indexes.get(before);
  if (!index) return;
  indexes.delete(before);
  indexes.set(after, index);
}

export function wireAdded(edges: Wires, edge: Edge): void {
  const index = indexes.get(edges);
  if (!index) return;
  const key = edgeKey(edge.target, edge.input);
  put(index.out, sourceId(edge), key, edge);
  put(index.in, edge.target, key, edge);
}

export function wireRemoved(edges: Wires, edge: Edge): void {
  const index = indexes.get(edges);
  const key = edgeKey(edge.target, edge.input);
  index?.out.get(sourceId(edge))?.delete(key);
  index?.in.get(edge.target)?.delete(key);
}

/** Everything that `start` feeds, itself included: following wires forward (or back). */
export function reach(document: Document, start: string, direction: "out" | "in" = "out"): Set<string> {
  const seen = new Set([start]);
  const waiting = [start];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const wires = direction === "out" ? wiresOut(document.edges, id) : wiresIn(document.edges, id);
    for (const edge of wires) {
      const next = direction === "out" ? edge.target : sourceId(edge);
      if (!seen.has(next)) {
        seen.add(next);
        waiting.push(next);
      }
    }
  }
  return seen;
}

/** The nodes on a way along wires from one node to another, both included, or null. */
export function path(document: Document, from: string, to: string): string[] | null {
  const before = new Map<string, string | null>([[from, null]]);
  const waiting = [from];
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    if (id === to) {
      const steps: string[] = [];
      for (let at: string | null = to; at !== null; at = before.get(at) ?? null) steps.unshift(at);
      return steps;
    }
    for (const edge of wiresOut(document.edges, id)) {
      if (!before.has(edge.target)) {
        before.set(edge.target, id);
        waiting.push(edge.target);
      }
    }
  }
  return null;
}
