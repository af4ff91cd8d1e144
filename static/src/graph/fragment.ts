/** Part of a pipeline as text: what copy puts on the clipboard and paste reads, here or in another tab. */

import { orderIn, wiresIn } from "./adjacency.ts";
import { snap } from "./geometry.ts";
import { baseOf, mintId } from "./ids.ts";
import { judge } from "./connection.ts";
import { apply } from "./apply.ts";
import { membersOf } from "./annotating.ts";
import type { Catalog, Document, Edge, GraphNode, Note, Op, OrderEdge } from "./types.ts";
import { noteIdOf, noteNodeId, sectionIdOf, sourceId } from "./types.ts";

const HEADER = "# portline fragment 1";

export interface Fragment {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly Edge[];
  /** Wires from nodes that were not copied. */
  readonly outer: readonly Edge[];
  /** Order edges between nodes of the fragment. */
  readonly order: readonly OrderEdge[];
  readonly notes?: readonly Note[];
}

export function cut(document: Document, wanted: Iterable<string>): Fragment {
  const ids = [...wanted].flatMap((id) => {
    const section = sectionIdOf(id);
    return section === null ? [id] : membersOf(document, section);
  });
  const nodes = [...new Set(ids)].flatMap((id) => document.nodes[id] ?? []);
  const notes = [...new Set(ids)].flatMap((id) => document.notes?.[noteIdOf(id) ?? ""] ?? []);
  const inside = new Set(nodes.map((node) => node.id));
  const wires = nodes.flatMap((node) => [...wiresIn(document.edges, node.id)]);
  return {
    ...(notes.length > 0 ? { notes } : {}),
    nodes,
    edges: wires.filter((edge) => inside.has(sourceId(edge))),
    outer: wires.filter((edge) => !inside.has(sourceId(edge))),
    order: nodes
      .flatMap((node) => [...orderIn(document.order, node.id)])
      .filter((edge) => inside.has(edge.source)),
  };
}

function inNoSection<T extends { readonly section?: string }>(node: T): T {
  const rest: T & { section?: string | undefined } = { ...node };
  delete rest.section;
  return rest;
}

export const toText = (fragment: Fragment): string => `${HEADER}\n${JSON.stringify(fragment, null, 1)}\n`;

/** The fragment that a text holds, or null if it is any other text. */
export function fromText(text: string): Fragment | null {
  if (!text.trimStart().startsWith(HEADER)) return null;
  try {
    const read = JSON.parse(text.trimStart().slice(HEADER.length)) as Partial<Fragment>;
    if (!Array.isArray(read.nodes)) return null;
    return {
      nodes: read.nodes,
      edges: read.edges ?? [],
      outer: read.outer ?? [],
      order: read.order ?? [],
      notes: read.notes ?? [],
    };
  } catch {
    return null;
  }
}

/** One batch that adds the fragment with new ids, its inner wires, and with `keepOuter` those from nodes that are still there. */
export function paste(
  document: Document,
  catalog: Catalog,
  fragment: Fragment,
  place: { at?: { x: number; y: number }; offset?: number; keepOuter?: boolean },
): { ops: Op[]; ids: string[] } {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const node of fragment.nodes) {
    const id = mintId(baseOf(node.id), (name) => name in document.nodes || taken.has(name));
    taken.add(id);
    names.set(node.id, id);
  }
  const notes = fragment.notes ?? [];
  const all = [...fragment.nodes, ...notes];
  const left = Math.min(...all.map(({ x }) => x));
  const top = Math.min(...all.map(({ y }) => y));
  const dx = place.at ? snap(place.at.x - left) : (place.offset ?? 32);
  const dy = place.at ? snap(place.at.y - top) : (place.offset ?? 32);
  const ops: Op[] = fragment.nodes.map((node) => ({
    op: "add_node",
    node: inNoSection({ ...node, id: names.get(node.id)!, x: node.x + dx, y: node.y + dy }),
  }));
  const to = (id: string) => names.get(id) ?? id;
  for (const edge of fragment.edges)
    ops.push({ op: "connect", ...edge, source: to(edge.source), target: to(edge.target) });
  for (const edge of fragment.order)
    ops.push({ op: "connect_order", ...edge, source: to(edge.source), target: to(edge.target) });
  if (place.keepOuter && fragment.nodes.length > 0) {
    const pasted = apply(document, ops, catalog).document;
    for (const edge of fragment.outer) {
      const wire = { ...edge, target: to(edge.target) };
      if (judge(pasted, catalog, wire).verdict !== "no") ops.push({ op: "connect", ...wire });
    }
  }
  // In no group: one that is copied stands beside the one that it was copied from.
  const known = new Set(Object.keys(document.notes ?? {}));
  const fresh = notes.map((note) => {
    const id = mintId(baseOf(note.id), (each) => known.has(each));
    known.add(id);
    return { ...inNoSection(note), id, x: note.x + dx, y: note.y + dy };
  });
  for (const note of fresh) ops.push({ op: "add_note", note });
  return { ops, ids: [...taken, ...fresh.map(({ id }) => noteNodeId(id))] };
}
