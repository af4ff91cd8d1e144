/** The document's wires and order edges as React Flow's edges, reusing every object whose source did not change. */

import { outputPort } from "../../graph/ports.ts";
import type { Catalog, Document, OrderEdge } from "../../graph/types.ts";
import { sourceId } from "../../graph/types.ts";
import { AFTER, handleOf } from "../actions/order.ts";
import type { Layout } from "../groups/layout.ts";
import { INTO, OUT } from "../sections/SectionNode.tsx";
import { familyOf } from "./family.ts";
import type { OrderFlowEdge, WireEdge } from "./flow.ts";

const NOTHING: ReadonlyMap<string, string> = new Map();

export type EdgeCache = Map<string, WireEdge>;

export function flowEdges(
  document: Document,
  catalog: Catalog,
  selected: ReadonlySet<string>,
  editable: boolean,
  cache: EdgeCache,
  layout: Layout,
  folded: ReadonlyMap<string, string> = NOTHING,
): WireEdge[] {
  const list: WireEdge[] = [];
  const lookOf = (kept: WireEdge) =>
    kept.type === "wire" ? `${kept.data?.family} ${kept.reconnectable === true}` : "";
  const take = (key: string, source: unknown, look: string, make: () => WireEdge) => {
    const kept = cache.get(key);
    const is = selected.has(key);
    if (kept?.data && kept.data.edge === source && kept.selected === is && lookOf(kept) === look)
      return void list.push(kept);
    const made = { ...make(), id: key, selected: is, focusable: false };
    cache.set(key, made);
    list.push(made);
  };
  /** Of what leads into or out of a folded section, the end there. What is all within it is not drawn. */
  const ends = (key: string, source: string, target: string) => {
    const from = folded.get(source.startsWith("$") ? source : source.split(".")[0]!);
    const to = folded.get(target.split(".")[0]!);
    if (from !== undefined && from === to) return null;
    if (from === undefined && to === undefined) return {};
    cache.delete(key);
    return {
      ...(from === undefined ? {} : { source: from, sourceHandle: OUT }),
      ...(to === undefined ? {} : { target: to, targetHandle: INTO }),
      reconnectable: false,
    };
  };
  for (const [key, edge] of Object.entries(document.edges)) {
    const family = familyOf(outputPort(document, sourceId(edge), edge.output, catalog)?.type ?? "");
    const moved = ends(key, sourceId(edge), edge.target);
    if (!moved) continue;
    take(key, edge, `${family} ${editable}`, () => ({
      id: key,
      type: "wire",
      source: sourceId(edge),
      sourceHandle: edge.output,
      target: edge.target,
      targetHandle: edge.input,
      reconnectable: editable,
      data: { edge, family, inner: false },
      ...moved,
    }));
  }
  for (const [key, edge] of Object.entries(document.order)) {
    const sourceHandle = handleOf(document.nodes[edge.source], edge.condition);
    const moved = ends(key, edge.source, edge.target);
    if (moved) take(key, edge, "", () => ({ ...orderEdge(key, edge, false), sourceHandle, ...moved }));
  }
  for (const { id, source, sourceHandle, target, targetHandle, type, edge, order } of layout.links) {
    if (folded.size > 0 && ends(id, source, target) === null) continue;
    const family = familyOf(type);
    const between = {
      id,
      source,
      sourceHandle,
      target,
      targetHandle,
      reconnectable: false,
      selectable: false,
    };
    take(id, edge ?? order, edge ? `${family} false` : "", () =>
      edge
        ? { ...between, type: "wire", data: { edge, family, inner: true } }
        : { ...orderEdge(id, order!, true), ...between },
    );
  }
  if (cache.size > list.length) {
    const there = new Set(list.map((edge) => edge.id));
    for (const key of cache.keys()) if (!there.has(key)) cache.delete(key);
  }
  return list;
}

const orderEdge = (id: string, edge: OrderEdge, inner: boolean): OrderFlowEdge => ({
  id,
  type: "order",
  source: edge.source,
  target: edge.target,
  targetHandle: AFTER,
  reconnectable: false,
  data: { edge, inner },
});
