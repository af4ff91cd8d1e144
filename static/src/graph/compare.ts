/** What changed between the graph of a run and the draft. */

import { reach, wiresIn } from "./adjacency.ts";
import type { Document, GraphNode } from "./types.ts";
import { sourceId } from "./types.ts";

const WHAT_IT_DOES: readonly (keyof GraphNode | "component" | "asset" | "loop" | "branch" | "mode")[] = [
  "kind",
  "component",
  "asset",
  "params",
  "settings",
  "loop",
  "branch",
  "mode",
];

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => same(left[key], right[key]));
}

/** Whether a node would do the same in both documents; its title, comment and place do not count. */
export function sameStep(now: Document, then: Document, id: string): boolean {
  const a = now.nodes[id] as Record<string, unknown> | undefined;
  const b = then.nodes[id] as Record<string, unknown> | undefined;
  if (!a || !b) return false;
  if (a === b && now.edges === then.edges) return true;
  if (!WHAT_IT_DOES.every((key) => same(a[key], b[key]))) return false;
  const fed = (document: Document) =>
    [...wiresIn(document.edges, id)].map((edge) => `${edge.input}<${sourceId(edge)}.${edge.output}`).sort();
  return same(fed(now), fed(then));
}

/** Nodes whose outputs of that run no longer stand for the draft: what changed, and all that it feeds. */
export function staleNodes(now: Document, then: Document): Set<string> {
  const stale = new Set<string>();
  for (const id of Object.keys(now.nodes)) {
    if (stale.has(id) || sameStep(now, then, id)) continue;
    for (const below of reach(now, id, "out", "data")) stale.add(below);
  }
  return stale;
}
