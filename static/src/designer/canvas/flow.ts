/** The document as React Flow's nodes and edges, reusing every object whose source did not change. */

import type { Edge as FlowEdge, Node as FlowNode, NodeHandle } from "@xyflow/react";
import { Position } from "@xyflow/react";

import { nodeSize, pipelineInputSize, portY } from "../../graph/geometry.ts";
import { inputPorts, interfaceOf, outputPort, outputPorts } from "../../graph/ports.ts";
import type { Catalog, Document, Edge, GraphNode, Interface, PipelineInput } from "../../graph/types.ts";
import { inputNodeId, isData, sourceId } from "../../graph/types.ts";
import { splitRef } from "../../graph/ports.ts";
import { plural } from "../../lib/format.ts";
import type { Family } from "./family.ts";
import { familyOf } from "./family.ts";

export interface StepData extends Record<string, unknown> {
  node: GraphNode;
  face: Interface | undefined;
  /** Whether the line with the status is shown. */
  footer: boolean;
}

export interface InputData extends Record<string, unknown> {
  name: string;
  input: PipelineInput;
}

export interface WireData extends Record<string, unknown> {
  edge: Edge;
  family: Family;
}

export type CardNode = FlowNode<StepData, "component" | "data"> | FlowNode<InputData, "input">;
export type WireEdge = FlowEdge<WireData, "wire">;

const PORT = 10;

function handles(inputs: readonly string[], outputs: readonly string[], width: number): NodeHandle[] {
  const at = (index: number) => ({ y: portY(index) - PORT / 2, width: PORT, height: PORT });
  return [
    ...inputs.map((id, index) => ({
      id,
      type: "target" as const,
      position: Position.Left,
      x: -PORT / 2,
      ...at(index),
    })),
    ...outputs.map((id, index) => ({
      id,
      type: "source" as const,
      position: Position.Right,
      x: width - PORT / 2,
      ...at(index),
    })),
  ];
}

export interface View {
  readonly selection: ReadonlySet<string>;
  readonly current: string | null;
  readonly drag: ReadonlyMap<string, { readonly x: number; readonly y: number }> | null;
  readonly footer: boolean;
  readonly editable: boolean;
}

interface Kept {
  source: unknown;
  footer: boolean;
  editable: boolean;
  base: CardNode;
  shown: CardNode;
  tab: number;
}

export type NodeCache = Map<string, Kept>;

export function flowNodes(document: Document, catalog: Catalog, view: View, cache: NodeCache): CardNode[] {
  const list: CardNode[] = [];
  let entry =
    view.current !== null && (view.current in document.nodes || view.current.startsWith("$"))
      ? view.current
      : null;
  for (const [name, input] of Object.entries(document.inputs)) {
    if (!isData(input.type)) continue;
    entry ??= inputNodeId(name);
    list.push(shown(inputNodeId(name), input, () => inputCard(name, input), view, cache, entry));
  }
  for (const node of Object.values(document.nodes)) {
    entry ??= node.id;
    list.push(shown(node.id, node, () => stepCard(node, catalog, view.footer), view, cache, entry));
  }
  if (cache.size > list.length) {
    const there = new Set(list.map((node) => node.id));
    for (const id of cache.keys()) if (!there.has(id)) cache.delete(id);
  }
  return list;
}

function shown(
  id: string,
  source: unknown,
  make: () => CardNode,
  view: View,
  cache: NodeCache,
  entry: string | null,
): CardNode {
  let kept = cache.get(id);
  if (!kept || kept.source !== source || kept.footer !== view.footer || kept.editable !== view.editable) {
    const base = { ...make(), draggable: view.editable, connectable: view.editable };
    kept = { source, footer: view.footer, editable: view.editable, base, shown: base, tab: NaN };
    cache.set(id, kept);
  }
  const position = view.drag?.get(id) ?? kept.base.position;
  const selected = view.selection.has(id);
  const tab = id === entry ? 0 : -1;
  const now = kept.shown;
  if (
    kept.tab !== tab ||
    now.selected !== selected ||
    now.position.x !== position.x ||
    now.position.y !== position.y
  ) {
    kept.tab = tab;
    kept.shown = { ...kept.base, position, selected, domAttributes: { tabIndex: tab } };
  }
  return kept.shown;
}

function stepCard(node: GraphNode, catalog: Catalog, run: boolean): CardNode {
  const face = interfaceOf(node, catalog);
  const footer = run && node.kind === "component";
  const { width, height } = nodeSize(node, face, footer);
  const inputs = inputPorts(node, face).map((port) => port.name);
  const outputs = outputPorts(node, face).map((port) => port.name);
  return {
    id: node.id,
    type: node.kind,
    position: { x: node.x, y: node.y },
    width,
    height,
    measured: { width, height },
    handles: handles(inputs, outputs, width),
    data: { node, face, footer },
    ariaLabel: `${node.title}, ${describe(node)}, ${plural(inputs.length, "input")}, ${plural(outputs.length, "output")}`,
  };
}

function describe(node: GraphNode): string {
  if (node.kind === "data") return `data ${node.asset}`;
  const { name, version } = splitRef(node.component);
  return `component ${name} version ${version}`;
}

function inputCard(name: string, input: PipelineInput): CardNode {
  const { width, height } = pipelineInputSize(name);
  return {
    id: inputNodeId(name),
    type: "input",
    position: { x: input.x ?? 0, y: input.y ?? 0 },
    width,
    height,
    measured: { width, height },
    handles: handles([], [name], width),
    data: { name, input },
    ariaLabel: `Pipeline input ${name}`,
  };
}

export type EdgeCache = Map<string, WireEdge>;

export function flowEdges(
  document: Document,
  catalog: Catalog,
  selected: ReadonlySet<string>,
  editable: boolean,
  cache: EdgeCache,
): WireEdge[] {
  const list: WireEdge[] = [];
  for (const [key, edge] of Object.entries(document.edges)) {
    const kept = cache.get(key);
    const is = selected.has(key);
    const type = outputPort(document, sourceId(edge), edge.output, catalog)?.type ?? "";
    const family = familyOf(type);
    if (
      kept?.data?.edge === edge &&
      kept.selected === is &&
      kept.data.family === family &&
      kept.reconnectable === editable
    ) {
      list.push(kept);
      continue;
    }
    const made: WireEdge = {
      id: key,
      type: "wire",
      source: sourceId(edge),
      sourceHandle: edge.output,
      target: edge.target,
      targetHandle: edge.input,
      selected: is,
      focusable: false,
      reconnectable: editable,
      data: { edge, family },
    };
    cache.set(key, made);
    list.push(made);
  }
  if (cache.size > list.length)
    for (const key of cache.keys()) if (!(key in document.edges)) cache.delete(key);
  return list;
}
