/** What the server knows of the data on the wires: the newest result of every port, and the columns of tables. */

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

import type { Document } from "../../graph/types.ts";
import { edgeKey } from "../../graph/types.ts";
import type { Artifact } from "../../run/types.ts";
import type { ProblemTable } from "../protocol/messages.ts";

export type LastResult = Artifact & {
  readonly run: number;
  /** Whether its step, or something above it, changed since. */
  readonly stale: boolean;
};

export interface Column {
  readonly name: string;
  /** "any" where it is not known. */
  readonly type: string;
}

export interface Schema {
  readonly columns: readonly Column[];
  /** Whether there may be others. */
  readonly more: boolean;
  readonly origin: "run" | "asset" | "rule" | "old run";
}

/** As `GET pipelines/N/results/` tells it. */
export interface Told {
  readonly rev: number;
  readonly results: Readonly<Record<string, Readonly<Record<string, LastResult>>>>;
  readonly tables: readonly Readonly<Record<string, string>>[];
  readonly schemas: Readonly<
    Record<
      string,
      Readonly<
        Record<string, { readonly table: number; readonly more: boolean; readonly origin: Schema["origin"] }>
      >
    >
  >;
  readonly problems: ProblemTable;
}

export interface ResultState {
  readonly results: Told["results"];
  /** By node (or `$inputs`) and output. */
  readonly schemas: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
}

export const resultStore = createStore<ResultState>(() => ({ results: {}, schemas: {} }));
export const useResults = <T>(select: (state: ResultState) => T): T => useStore(resultStore, select);

/** Take in an answer; ports with the same columns share them. */
export function setResults(told: Told): void {
  const tables = told.tables.map((table) => Object.entries(table).map(([name, type]) => ({ name, type })));
  const schemas = Object.fromEntries(
    Object.entries(told.schemas).map(([node, outputs]) => [
      node,
      Object.fromEntries(
        Object.entries(outputs).map(([output, { table, more, origin }]) => [
          output,
          { columns: tables[table] ?? [], more, origin },
        ]),
      ),
    ]),
  );
  resultStore.setState({ results: told.results, schemas });
}

/** The columns of an output, or of what comes into an input. */
export function schemaAt(
  state: ResultState,
  document: Document,
  end: { readonly node: string; readonly port: string; readonly side: "in" | "out" },
): Schema | undefined {
  if (end.side === "out") {
    const input = end.node.startsWith("$inputs.");
    return state.schemas[input ? "$inputs" : end.node]?.[end.port];
  }
  const edge = document.edges[edgeKey(end.node, end.port)];
  return edge && state.schemas[edge.source]?.[edge.output];
}

/** The newest result of an output, or of what comes into an input. */
export function resultAt(
  state: ResultState,
  document: Document,
  end: { readonly node: string; readonly port: string; readonly side: "in" | "out" },
): LastResult | undefined {
  const source =
    end.side === "out" ? { source: end.node, output: end.port } : document.edges[edgeKey(end.node, end.port)];
  return source && state.results[source.source]?.[source.output];
}
