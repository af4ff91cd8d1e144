/** The graphs of pipeline components, by `name:version`: they never change. */

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

import { splitRef } from "../../graph/ports.ts";
import type { Document, Interface } from "../../graph/types.ts";
import { wholeDocument } from "../../graph/whole.ts";
import { app } from "../app.ts";

interface Graphs {
  readonly graphs: Readonly<Record<string, Document>>;
}

export const graphStore = createStore<Graphs>(() => ({ graphs: {} }));
export const useGraphs = <T>(select: (state: Graphs) => T): T => useStore(graphStore, select);

export function keepGraphs(
  given: Readonly<Record<string, Partial<Document>>>,
  components: Readonly<Record<string, Interface>>,
): void {
  for (const face of Object.values(components)) app().catalog.components.set(face.ref, face);
  const { graphs } = graphStore.getState();
  const fresh = Object.entries(given).filter(([ref]) => !(ref in graphs));
  if (fresh.length === 0) return;
  const whole = fresh.map(([ref, graph]) => [ref, wholeDocument(graph)] as const);
  graphStore.setState({ graphs: { ...graphs, ...Object.fromEntries(whole) } });
}

interface Served {
  document: Partial<Document>;
  components: Record<string, Interface>;
}

/** The graph of a pipeline component, asked for once. Raises ApiError. */
export async function loadGraph(ref: string): Promise<void> {
  if (ref in graphStore.getState().graphs) return;
  const { name, version } = splitRef(ref);
  const path = `components/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}/graph/`;
  const served = await app().api.get<Served>(path);
  keepGraphs({ [ref]: served.document }, served.components);
}
