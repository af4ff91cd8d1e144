/** Exchanging what feeds two inputs of a node. */

import { apply } from "./apply.ts";
import { judge } from "./connection.ts";
import { inputPorts, interfaceOf } from "./ports.ts";
import type { Catalog, Document, Op } from "./types.ts";
import { edgeKey } from "./types.ts";

export interface Swap {
  /** The labels of the two inputs. */
  readonly labels: readonly [string, string];
  readonly ops: readonly Op[];
}

/** The pairs of a node's inputs of which at least one is wired, and whose wires fit the other way round too. */
export function swapsOf(document: Document, catalog: Catalog, id: string): Swap[] {
  const node = document.nodes[id];
  if (!node) return [];
  const ports = inputPorts(node, interfaceOf(node, catalog));
  const wireOf = (input: string) => document.edges[edgeKey(id, input)];
  const swaps: Swap[] = [];
  for (const [index, a] of ports.entries()) {
    for (const b of ports.slice(index + 1)) {
      const wires = [wireOf(a.name), wireOf(b.name)];
      const [first, second] = wires;
      if (!first && !second) continue;
      if (first && second && first.source === second.source && first.output === second.output) continue;
      const off: Op[] = wires.flatMap((wire) =>
        wire ? [{ op: "disconnect" as const, target: id, input: wire.input }] : [],
      );
      const crossed = [
        ...(first ? [{ ...first, input: b.name }] : []),
        ...(second ? [{ ...second, input: a.name }] : []),
      ];
      const bare = apply(document, off, catalog).document;
      if (crossed.some((wire) => judge(bare, catalog, wire).verdict === "no")) continue;
      swaps.push({
        labels: [a.label, b.label],
        ops: [...off, ...crossed.map((wire): Op => ({ op: "connect", ...wire }))],
      });
    }
  }
  return swaps;
}
