/** What the operations share. */

import { gone } from "./connection.ts";
import type { Draft } from "./draft.ts";
import { Refusal } from "./refusal.ts";
import type { Edge, GraphNode, Op, OrderEdge } from "./types.ts";

export function nodeOf(draft: Draft, id: string): GraphNode {
  const node = draft.document.nodes[id];
  if (!node) throw new Refusal("unknown_node", gone(id));
  return node;
}

export const toConnect = (edge: Edge): Op => ({ op: "connect", ...edge });
export const toConnectOrder = (edge: OrderEdge): Op => ({ op: "connect_order", ...edge });

export function checkKeys(changes: object, known: readonly string[]): void {
  const other = Object.keys(changes).find((key) => !known.includes(key));
  if (other !== undefined) {
    throw new Refusal(
      "malformed",
      `The operation cannot be read: changes.${other}: Extra inputs are not permitted.`,
    );
  }
}
