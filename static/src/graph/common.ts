/** What several nodes have in common: the parameters that all of them take, with the same type and choices. */

import { fields, interfaceOf } from "./ports.ts";
import type { Catalog, GraphNode, InputPort, Op, Scalar } from "./types.ts";

export interface Common {
  readonly port: InputPort;
  /** What is set in all of them, null for the default; undefined where they differ. */
  readonly value: Scalar | null | undefined;
  /** How many different values there are. */
  readonly values: number;
}

const same = (a: InputPort, b: InputPort): boolean =>
  a.type === b.type && (a.enum ?? []).join("\n") === (b.enum ?? []).join("\n");

export function commonParameters(nodes: readonly GraphNode[], catalog: Catalog): Common[] {
  const faces = nodes.map((node) => interfaceOf(node, catalog));
  const [first, ...others] = faces.map((face) => (face ? fields(face) : []));
  if (!first || nodes.length < 2) return [];
  return first
    .filter((port) =>
      others.every((each) => each.some((other) => other.name === port.name && same(other, port))),
    )
    .map((port) => {
      const set = nodes.map((node) => node.params[port.name] ?? null);
      const values = new Set(set).size;
      return { port, value: values === 1 ? (set[0] ?? null) : undefined, values };
    });
}

/** One batch that sets a parameter in all of them, where it is not set so already. */
export const setInAll = (nodes: readonly GraphNode[], name: string, value: Scalar | null): Op[] =>
  nodes
    .filter((node) => (node.params[name] ?? null) !== value)
    .map(({ id }) => ({ op: "set_params", id, params: { [name]: value } }));
