/** How often outputs are joined to inputs in the workspace's pipelines, and what is suggested by it. */

import { judgeTypes } from "./connection.ts";
import type { Catalog, Interface } from "./types.ts";

/** Source component, output, target component, input, how often. */
export type Join = readonly [string, string, string, string, number];

const key = (source: string, output: string, target: string, input: string): string =>
  [source, output, target, input].join(" ");

export class Joins {
  private readonly times: ReadonlyMap<string, number>;
  private readonly byCategory = new Map<string, number>();

  /** `categoryOf` a component, for what is likely where nothing is known of the very join. */
  constructor(joins: readonly Join[], categoryOf: (component: string) => string = () => "") {
    this.times = new Map(
      joins.map(([source, output, target, input, count]) => [key(source, output, target, input), count]),
    );
    for (const [source, output, target, input, count] of joins) {
      const sides = [
        `out ${categoryOf(source)} ${target} ${input}`,
        `in ${categoryOf(target)} ${source} ${output}`,
      ];
      for (const side of sides) this.byCategory.set(side, (this.byCategory.get(side) ?? 0) + count);
    }
  }

  /** Components are named without their versions. */
  count(source: string, output: string, target: string, input: string): number {
    return this.times.get(key(source, output, target, input)) ?? 0;
  }

  /** How often the outputs (`out`) or inputs of a category's components are joined to a port of another. */
  withCategory(side: "in" | "out", category: string, component: string, port: string): number {
    return this.byCategory.get(`${side} ${category} ${component} ${port}`) ?? 0;
  }
}

export const NO_JOINS = new Joins([]);

/** One end of a wire: a component's port. Of what is no component (data, a pipeline input) the name is empty. */
export interface End {
  readonly component: string;
  readonly port: string;
  readonly type: string;
}

/** A component that makes a refused join fit: `input` takes the source, `output` feeds the target. */
export interface Bridge {
  readonly face: Interface;
  readonly input: string;
  readonly output: string;
}

/** What could stand between two ports whose types do not fit: the most used first, then what needs the least besides. */
export function bridges(
  from: End,
  to: End,
  components: readonly Interface[],
  catalog: Catalog,
  joins: Joins,
): Bridge[] {
  const found: { bridge: Bridge; used: number; needs: number }[] = [];
  for (const face of components) {
    if (face.cannot_run !== undefined) continue;
    let best: { bridge: Bridge; used: number } | null = null;
    for (const input of face.inputs) {
      if (judgeTypes(from.type, input.type, catalog).verdict !== "yes") continue;
      for (const output of face.outputs) {
        if (judgeTypes(output.type, to.type, catalog).verdict !== "yes") continue;
        const before = joins.count(from.component, from.port, face.name, input.name);
        const after = joins.count(face.name, output.name, to.component, to.port);
        // Both sides in use tell more than one side often.
        const used = before + after + (before > 0 && after > 0 ? 1000 : 0);
        if (!best || used > best.used)
          best = { bridge: { face, input: input.name, output: output.name }, used };
      }
    }
    if (!best) continue;
    const needs = face.inputs.filter((port) => !port.optional && port.default === null).length;
    found.push({ ...best, needs });
  }
  return found.sort((a, b) => b.used - a.used || a.needs - b.needs).map(({ bridge }) => bridge);
}
