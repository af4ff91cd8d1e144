/** The columns of the table that feeds an input. */

import { edgeKey } from "../../graph/types.ts";
import { useDoc } from "../state/doc.ts";
import type { Column, Schema } from "../state/results.ts";
import { useResults } from "../state/results.ts";

export interface Known {
  readonly columns: readonly Column[] | null;
  /** Whether there may be columns that are not listed. */
  readonly more: boolean;
  readonly origin: Schema["origin"] | null;
  /** Whether anything is wired to the input. */
  readonly fed: boolean;
}

export function useKnownColumns(node: string, input: string | null): Known {
  const edge = useDoc((doc) => (input === null ? undefined : doc.document.edges[edgeKey(node, input)]));
  const schema = useResults((state) => (edge ? state.schemas[edge.source]?.[edge.output] : undefined));
  return {
    columns: schema?.columns ?? null,
    more: schema?.more ?? false,
    origin: schema?.origin ?? null,
    fed: edge !== undefined,
  };
}

const WORDS: Readonly<Record<string, string>> = { any: "", boolean: "yes/no", integer: "whole number" };

/** A column's type as people read it; empty where it is not known. */
export const columnWord = (type: string): string => WORDS[type] ?? type;

/** Where the columns are known from. */
export const ORIGINS: Readonly<Record<Schema["origin"], string>> = {
  run: "as the last run gave them",
  "old run": "as the last run gave them, before a change",
  asset: "as the file has them",
  rule: "as they follow from the steps before",
};
