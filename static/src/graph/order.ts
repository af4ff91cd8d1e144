/** Orders over the graph, for the outline and for layout. */

import { nextOf, previousOf } from "./adjacency.ts";
import type { Document } from "./types.ts";
import { inputNodeId, isData } from "./types.ts";

/** Canvas ids of everything that is drawn: pipeline inputs of data types, then nodes. */
export function canvasIds(document: Document): string[] {
  const inputs = Object.entries(document.inputs).filter(([, input]) => isData(input.type));
  return [...inputs.map(([name]) => inputNodeId(name)), ...Object.keys(document.nodes)];
}

/** Canvas ids so that everything comes after what it waits for; ties by place, top to bottom, left to right. */
export function topological(document: Document): string[] {
  const ids = canvasIds(document);
  const missing = new Map(ids.map((id) => [id, [...previousOf(document, id)].length]));
  const place = (id: string) => document.nodes[id] ?? { x: -1, y: -1 };
  const earlier = (a: string, b: string) => place(a).x - place(b).x || place(a).y - place(b).y;
  let ready = ids.filter((id) => missing.get(id) === 0).sort(earlier);
  const order: string[] = [];
  while (ready.length > 0) {
    order.push(...ready);
    const next: string[] = [];
    for (const id of ready) {
      for (const target of nextOf(document, id)) {
        const left = (missing.get(target) ?? 0) - 1;
        missing.set(target, left);
        if (left === 0) next.push(target);
      }
    }
    ready = next.sort(earlier);
  }
  return order;
}

/** Canvas ids of what comes right before a node, and right after it. */
export function neighbours(document: Document, id: string): { before: string[]; after: string[] } {
  return {
    before: [...new Set(previousOf(document, id))],
    after: [...new Set(nextOf(document, id))],
  };
}
