/** The document as React Flow's nodes, reusing every object whose source did not change. */

import type { Edge as FlowEdge, Node as FlowNode, NodeHandle } from "@xyflow/react";
import { Position } from "@xyflow/react";

import { nodeSize, pipelineInputSize, portY } from "../../graph/geometry.ts";
import { inputPorts, interfaceOf, outputPorts } from "../../graph/ports.ts";
import type {
  Catalog,
  ComponentNode,
  Document,
  Edge,
  GraphNode,
  Interface,
  OrderEdge,
  PipelineInput,
} from "../../graph/types.ts";
import { inputNodeId, isData, noteNodeId, sectionNodeId } from "../../graph/types.ts";
import { splitRef } from "../../graph/ports.ts";
import { plural } from "../../lib/format.ts";
import { AFTER, handlesOut } from "../actions/order.ts";
import type { Frame, Layout, Placed } from "../groups/layout.ts";
import { innerHandle } from "../groups/layout.ts";
import type { NoteData } from "../notes/NoteNode.tsx";
import { drawnSections, foldedMembers } from "../sections/boxes.ts";
import type { SectionData } from "../sections/SectionNode.tsx";
import { noteCard, sectionCard } from "./annotationCards.ts";
import { loopWords } from "./loopWords.ts";
import type { Family } from "./family.ts";

export interface StepData extends Record<string, unknown> {
  node: GraphNode;
  face: Interface | undefined;
  /** Whether the line with the status is shown. */
  footer: boolean;
  /** Its step in the run that is shown; null where it has none. */
  step: string | null;
  /** Of a node in an open group: the inputs that something is wired to. */
  inner: ReadonlySet<string> | null;
}

export interface FrameData extends Record<string, unknown> {
  node: ComponentNode;
  face: Interface;
  footer: boolean;
  depth: number;
  step: string | null;
}

export interface InputData extends Record<string, unknown> {
  name: string;
  input: PipelineInput;
}

export interface WireData extends Record<string, unknown> {
  edge: Edge;
  family: Family;
  /** Within an open group: to be looked at only. */
  inner: boolean;
}

export interface OrderData extends Record<string, unknown> {
  edge: OrderEdge;
  inner: boolean;
}

export type CardNode =
  | FlowNode<StepData, "component" | "data" | "branch">
  | FlowNode<InputData, "input">
  | FlowNode<FrameData, "frame">
  | FlowNode<NoteData, "note">
  | FlowNode<SectionData, "section">;
export type WireFlowEdge = FlowEdge<WireData, "wire">;
export type OrderFlowEdge = FlowEdge<OrderData, "order">;
export type WireEdge = WireFlowEdge | OrderFlowEdge;

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

const HANDLE = { width: 18, height: 8 };

/** Where order edges come in and go out. */
function orderHandles(node: GraphNode, width: number, height: number): NodeHandle[] {
  if (node.kind === "data") return [];
  const middle = width / 2 - HANDLE.width / 2;
  const source = { type: "source" as const };
  return [
    { id: AFTER, type: "target", position: Position.Top, x: middle, y: -HANDLE.height / 2, ...HANDLE },
    ...handlesOut(node).map((id, row) =>
      node.kind === "branch"
        ? {
            id,
            ...source,
            position: Position.Right,
            x: width - PORT / 2,
            y: portY(row) - PORT / 2,
            width: PORT,
            height: PORT,
          }
        : { id, ...source, position: Position.Bottom, x: middle, y: height - HANDLE.height / 2, ...HANDLE },
    ),
  ];
}

export interface View {
  readonly selection: ReadonlySet<string>;
  readonly current: string | null;
  readonly drag: ReadonlyMap<string, { readonly x: number; readonly y: number }> | null;
  readonly footer: boolean;
  readonly editable: boolean;
  /** Sections that this viewer has folded. */
  readonly folded: ReadonlySet<string>;
}

interface Kept {
  source: unknown;
  /** What else it is made from. */
  extra: string;
  editable: boolean;
  base: CardNode;
  shown: CardNode;
  tab: number;
}

export type NodeCache = Map<string, Kept>;

/** What is drawn as one node, before it is known where. */
interface Card {
  readonly id: string;
  readonly source: unknown;
  readonly extra: string;
  readonly editable: boolean;
  readonly make: () => CardNode;
  readonly at: { readonly x: number; readonly y: number };
}

export function flowNodes(
  document: Document,
  catalog: Catalog,
  view: View,
  cache: NodeCache,
  layout: Layout,
): CardNode[] {
  const cards = cardsOf(document, catalog, view, layout);
  const wanted = view.current;
  const first = cards.find(({ id }) => !id.startsWith("$sections") && !id.startsWith("$notes")) ?? cards[0];
  const entry = cards.some(({ id }) => id === wanted) ? wanted : (first?.id ?? null);
  const list = cards.map((card) => shown(card, view, cache, entry));
  if (cache.size > list.length) {
    const there = new Set(list.map((node) => node.id));
    for (const id of cache.keys()) if (!there.has(id)) cache.delete(id);
  }
  return list;
}

function cardsOf(document: Document, catalog: Catalog, view: View, layout: Layout): Card[] {
  const { editable, footer } = view;
  const cards: Card[] = beneath(document, view, layout);
  const hidden = foldedMembers(document, view.folded);
  for (const [name, input] of Object.entries(document.inputs)) {
    const id = inputNodeId(name);
    if (!isData(input.type) || hidden.has(id)) continue;
    const at = layout.place({ x: input.x ?? 0, y: input.y ?? 0 });
    cards.push({ id, source: input, extra: "", editable, make: () => inputCard(name, input), at });
  }
  for (const node of Object.values(document.nodes)) {
    const { id } = node;
    if (hidden.has(id)) continue;
    const frame = layout.frames.get(id);
    if (frame) cards.push(frameCard(frame, footer, editable));
    else {
      const make = () => stepCard(node, catalog, footer, id, null);
      cards.push({ id, source: node, extra: String(footer), editable, make, at: layout.place(node) });
    }
  }
  for (const placed of layout.inner.values()) {
    if (hidden.has(placed.id.slice(0, placed.id.indexOf(".")))) continue;
    const frame = layout.frames.get(placed.id);
    cards.push(frame ? frameCard(frame, footer, false) : innerCard(placed, catalog, footer));
  }
  return cards;
}

/** Sections, then notes: the first are drawn below all that follow. */
function beneath(document: Document, view: View, layout: Layout): Card[] {
  const { editable, folded, drag } = view;
  const cards: Card[] = [];
  for (const drawn of drawnSections(document, layout, folded, drag)) {
    const section = document.sections![drawn.id]!;
    const { width, height, x, y } = drawn.box;
    const extra = `${width} ${height} ${folded.has(drawn.id)} ${drawn.members.join()}`;
    const make = () => sectionCard(section, drawn, folded.has(drawn.id));
    cards.push({ id: sectionNodeId(drawn.id), source: section, extra, editable, make, at: { x, y } });
  }
  const hidden = foldedMembers(document, folded);
  for (const note of Object.values(document.notes ?? {})) {
    const id = noteNodeId(note.id);
    if (!hidden.has(id))
      cards.push({
        id,
        source: note,
        extra: "",
        editable,
        make: () => noteCard(note),
        at: layout.place(note),
      });
  }
  return cards;
}

function frameCard(frame: Frame, footer: boolean, editable: boolean): Card {
  const { id, node, box, step } = frame;
  const extra = `frame ${box.width} ${box.height} ${footer} ${step}`;
  return { id, source: node, extra, editable, make: () => frameNode(frame, footer), at: box };
}

function innerCard({ id, node, step, wired, box }: Placed, catalog: Catalog, footer: boolean): Card {
  const make = () => ({ ...stepCard(node, catalog, footer, step, wired), id });
  return { id, source: node, extra: `${footer} ${step}`, editable: false, make, at: box };
}

function shown(card: Card, view: View, cache: NodeCache, entry: string | null): CardNode {
  const { id, source, extra, editable } = card;
  let kept = cache.get(id);
  if (!kept || kept.source !== source || kept.extra !== extra || kept.editable !== editable) {
    const base = { ...card.make(), draggable: editable, connectable: editable };
    kept = { source, extra, editable, base, shown: base, tab: NaN };
    cache.set(id, kept);
  }
  const position = view.drag?.get(id) ?? card.at;
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
    const zIndex = depthOf(kept.base, selected);
    const { x, y } = position;
    kept.shown = { ...kept.base, position: { x, y }, selected, zIndex, domAttributes: { tabIndex: tab } };
  }
  return kept.shown;
}

/** Sections lie below notes, notes below frames. */
const depthOf = (card: CardNode, selected: boolean): number => {
  if (card.type === "frame") return frameZ(card.data.depth, selected);
  if (card.type === "section" && !card.data.folded) return frameZ(-200, selected);
  return card.type === "note" ? frameZ(-100, selected) : 0;
};

/** Frames lie below wires, the deeper ones above those around them; React Flow lifts what is selected by 1000. */
const frameZ = (depth: number, selected: boolean): number => depth - 100 - (selected ? 1000 : 0);

function stepCard(
  node: GraphNode,
  catalog: Catalog,
  run: boolean,
  step: string | null,
  inner: ReadonlySet<string> | null,
): CardNode {
  const face = interfaceOf(node, catalog);
  const footer = run && node.kind !== "data";
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
    handles: [...handles(inputs, outputs, width), ...orderHandles(node, width, height)],
    data: { node, face, footer, step, inner },
    ariaLabel: labelOf(node, inputs.length, outputs.length),
  };
}

function frameNode({ id, node, face, box, depth, step }: Frame, footer: boolean): CardNode {
  const inputs = inputPorts(node, face).map((port) => port.name);
  const outputs = outputPorts(node, face).map((port) => port.name);
  const { width, height } = box;
  const within = (name: string, index: number, side: "in" | "out"): NodeHandle => ({
    id: innerHandle(side, name),
    type: side === "in" ? "source" : "target",
    position: side === "in" ? Position.Right : Position.Left,
    x: side === "in" ? -PORT / 2 : width - PORT / 2,
    y: portY(index) - PORT / 2,
    width: PORT,
    height: PORT,
  });
  return {
    id,
    type: "frame",
    position: { x: box.x, y: box.y },
    width,
    height,
    measured: { width, height },
    handles: [
      ...handles(inputs, outputs, width),
      ...inputs.map((name, index) => within(name, index, "in")),
      ...outputs.map((name, index) => within(name, index, "out")),
      ...orderHandles(node, width, height),
    ],
    data: { node, face, footer, depth, step },
    ariaLabel: `${labelOf(node, inputs.length, outputs.length)}, open`,
  };
}

const labelOf = (node: GraphNode, inputs: number, outputs: number): string =>
  [
    node.title,
    describe(node),
    node.kind === "component" && node.loop ? loopWords(node.loop) : "",
    node.kind === "component" && node.mode ? node.mode : "",
    node.settings.final ? "always runs, at the end" : "",
    plural(inputs, "input"),
    node.kind === "branch" ? "true or false" : plural(outputs, "output"),
  ]
    .filter(Boolean)
    .join(", ");

function describe(node: GraphNode): string {
  if (node.kind === "data") return `data ${node.asset}`;
  if (node.kind === "branch") return "if / else";
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
