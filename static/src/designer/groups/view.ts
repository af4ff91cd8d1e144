/** The layout of what is on the canvas now. */

import type { Document } from "../../graph/types.ts";
import { app } from "../app.ts";
import { docStore } from "../state/doc.ts";
import { runStore } from "../state/run.ts";
import { uiStore } from "../state/ui.ts";
import { graphStore } from "./graphs.ts";
import { Layout } from "./layout.ts";

let latest: { key: readonly unknown[]; layout: Layout } | null = null;

/** The layout for these; the same object while none of them changed. */
export function layoutOf(
  document: Document,
  expanded: ReadonlySet<string>,
  graphs: Readonly<Record<string, Document>>,
  footer: boolean,
  watched: string | null,
): Layout {
  const key = [document, expanded, graphs, footer, watched];
  if (!latest || key.some((each, at) => each !== latest!.key[at])) {
    const layout = new Layout({ document, catalog: app().catalog, graphs, expanded, footer, watched });
    latest = { key, layout };
  }
  return latest.layout;
}

export function currentView(): Layout {
  const { run, watched } = runStore.getState();
  return layoutOf(
    docStore.getState().document,
    uiStore.getState().expanded,
    graphStore.getState().graphs,
    run !== null,
    watched,
  );
}

/** The step that a node on the canvas is in the run that is shown; null where that is not known. */
export function stepIdOf(id: string): string | null {
  const { inner } = currentView();
  const placed = inner.get(id);
  return placed ? placed.step : id;
}
