/** Parameters that take their value from a pipeline input. */

import type { Document, Scalar } from "./types.ts";

const BINDING = /\$\{\{\s*(\S*?)\s*\}\}/g;
const ALONE = /^\s*\$\{\{\s*parent\.inputs\.([\w.]+?)\s*\}\}\s*$/;

export const bindTo = (input: string): string => "${{parent.inputs." + input + "}}";

/** The pipeline input that the whole value stands for, or null. */
export function boundInput(value: Scalar | null | undefined): string | null {
  return typeof value === "string" ? (ALONE.exec(value)?.[1] ?? null) : null;
}

/** Whether the value is known only when a run starts. */
export const isBound = (value: Scalar | null | undefined): boolean =>
  typeof value === "string" && value.search(BINDING) >= 0;

/** Where a pipeline input is used in parameters: `[node, parameter]`. */
export function usesOf(document: Document, input: string): [string, string][] {
  const uses: [string, string][] = [];
  for (const node of Object.values(document.nodes)) {
    for (const [name, value] of Object.entries(node.params)) {
      if (typeof value !== "string") continue;
      for (const [, expression] of value.matchAll(BINDING)) {
        if (expression === `parent.inputs.${input}`) uses.push([node.id, name]);
      }
    }
  }
  return uses;
}
