/** Names for what is new. */

import type { Document, Op } from "./types.ts";

type Taken = (id: string) => boolean;

/** `name`, or `name_2`, `name_3` ... where that is taken. */
export function mintId(name: string, taken: Taken): string {
  const base =
    name
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, "_")
      .replace(/^(?=[0-9])/, "_") || "node";
  if (!taken(base)) return base;
  let number = 2;
  while (taken(`${base}_${number}`)) number++;
  return `${base}_${number}`;
}

/** The id without its `_2`. */
export const baseOf = (id: string): string => id.replace(/_\d+$/, "");

export const takenIn =
  (document: Document): Taken =>
  (id) =>
    id in document.nodes;

/** The same operations with nodes renamed. */
export function renameIn(ops: readonly Op[], names: ReadonlyMap<string, string>): Op[] {
  const to = (id: string) => names.get(id) ?? id;
  return ops.map((op): Op => {
    switch (op.op) {
      case "add_node":
        return { ...op, node: { ...op.node, id: to(op.node.id) } };
      case "remove_node":
      case "set_params":
      case "update_node":
        return { ...op, id: to(op.id) };
      case "move":
        return {
          ...op,
          positions: Object.fromEntries(Object.entries(op.positions).map(([id, at]) => [to(id), at])),
        };
      case "connect":
        return { ...op, source: to(op.source), target: to(op.target) };
      case "disconnect":
        return { ...op, target: to(op.target) };
      case "connect_order":
      case "disconnect_order":
        return { ...op, source: to(op.source), target: to(op.target) };
      case "join":
        return { ...op, members: op.members.map(to) };
      case "set_output":
        return op.output ? { ...op, output: { ...op.output, source: to(op.output.source) } } : op;
      default:
        return op;
    }
  });
}

/** A UUID, also where the page is not served over HTTPS. */
export function uuid(): string {
  const made = globalThis.crypto as Partial<Crypto> & Pick<Crypto, "getRandomValues">;
  if (made.randomUUID) return made.randomUUID();
  const bytes = made.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
