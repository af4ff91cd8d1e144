/** Opening and closing groups, and finding what lies in them. How they stand is each viewer's own: it is no edit. */

import { interfaceOf } from "../../graph/ports.ts";
import type { ComponentNode, Document, GraphNode } from "../../graph/types.ts";
import { plural } from "../../lib/format.ts";
import { ApiError } from "../../lib/api.ts";
import { app } from "../app.ts";
import { docStore } from "../state/doc.ts";
import { announce, notify, select, setUi, uiStore } from "../state/ui.ts";
import { showWhole } from "../actions/focus.ts";
import { graphStore, loadGraph } from "./graphs.ts";
import { currentView } from "./view.ts";

/** A node at any depth, by its path, with the graph that it is part of. */
export function nodeAt(path: string): { node: GraphNode; graph: Document; outer: boolean } | null {
  const { document } = docStore.getState();
  const own = document.nodes[path];
  if (own) return { node: own, graph: document, outer: true };
  const placed = currentView().inner.get(path);
  return placed ? { node: placed.node, graph: placed.graph, outer: false } : null;
}

/** Whether a node is a pipeline component, that can be opened. */
export const isGroup = (node: GraphNode | undefined): node is ComponentNode =>
  node?.kind === "component" && interfaceOf(node, app().catalog)?.pipeline === true;

export async function expand(path: string): Promise<void> {
  const node = nodeAt(path)?.node;
  if (!isGroup(node) || uiStore.getState().expanded.has(path)) return;
  try {
    await loadGraph(node.component);
  } catch (error) {
    const why = error instanceof ApiError ? error.message : "";
    return notify(`“${node.title}” could not be opened. ${why}`, path);
  }
  setUi({ expanded: new Set([...uiStore.getState().expanded, path]) });
  const graph = graphStore.getState().graphs[node.component];
  const count = Object.keys(graph?.nodes ?? {}).length;
  announce(`Opened ${node.title}: ${plural(count, "node")} in it.`);
}

/** Close a group and all groups in it. What was selected in it gives way to the group. */
export function collapse(path: string): void {
  const inside = (id: string) => id.startsWith(`${path}.`);
  const { expanded, selection } = uiStore.getState();
  if (!expanded.has(path)) return;
  setUi({ expanded: new Set([...expanded].filter((id) => id !== path && !inside(id))) });
  if ([...selection].some(inside)) select([path]);
  announce(`Closed ${nodeAt(path)?.node.title ?? path}.`);
}

export function toggleGroup(path: string): void {
  if (uiStore.getState().expanded.has(path)) return collapse(path);
  void expand(path).then(() => showWhole(path));
}

/** Open every group that something lies in. */
export async function reveal(path: string): Promise<void> {
  const parts = path.split(".");
  for (let count = 1; count < parts.length; count++) await expand(parts.slice(0, count).join("."));
}
