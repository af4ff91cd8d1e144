/** Where everything is drawn while groups are open: a group's graph lies in a frame in its place, and its neighbours make room. The document's own positions never change. */

import { membersOf } from "../../graph/annotating.ts";
import { FOOTER, HEADER, nodeSize } from "../../graph/geometry.ts";
import { canvasIds } from "../../graph/order.ts";
import type { Box } from "../../graph/placement.ts";
import { boxOf } from "../../graph/placement.ts";
import { inputPorts, interfaceOf, outputPort, outputPorts } from "../../graph/ports.ts";
import type {
  Catalog,
  ComponentNode,
  Document,
  Edge,
  GraphNode,
  Interface,
  OrderEdge,
} from "../../graph/types.ts";
import { INPUTS, noteNodeId, sectionIdOf, sectionNodeId } from "../../graph/types.ts";
import { handleOf } from "../actions/order.ts";
import { boxAround } from "../sections/boxes.ts";
import { Stretch } from "./stretch.ts";

/** A group that is open. */
export interface Frame {
  /** Path of the node: `group.child`. */
  readonly id: string;
  readonly node: ComponentNode;
  readonly face: Interface;
  readonly graph: Document;
  readonly box: Box;
  readonly depth: number;
  readonly step: string | null;
}

/** A node within an open group. */
export interface Placed {
  readonly id: string;
  readonly node: GraphNode;
  readonly box: Box;
  /** Its step in the run that is shown, or none: of a loop's body, only in the iteration that is looked into. */
  readonly step: string | null;
  /** Inputs that something is wired to. */
  readonly wired: ReadonlySet<string>;
  readonly graph: Document;
}

/** A wire or an order edge within an open group. */
export interface Link {
  readonly id: string;
  readonly source: string;
  readonly sourceHandle: string;
  readonly target: string;
  readonly targetHandle: string;
  readonly type: string;
  readonly edge: Edge | null;
  readonly order: OrderEdge | null;
}

export interface Opened {
  readonly document: Document;
  readonly catalog: Catalog;
  readonly graphs: Readonly<Record<string, Document>>;
  readonly expanded: ReadonlySet<string>;
  /** Whether nodes show what became of them in a run. */
  readonly footer: boolean;
  /** The iteration that is looked into, as `loop[3]`. */
  readonly watched: string | null;
}

/** Room within a frame, above and below its graph: order edges lead around nodes there. */
const MARGIN = 36;
const DEEPEST = 16;

interface Level {
  readonly document: Document;
  readonly open: ReadonlyMap<string, { level: Level; width: number; height: number; left: number }>;
  readonly x: Stretch;
  readonly y: Stretch;
  readonly bounds: Box;
}

export class Layout {
  readonly frames = new Map<string, Frame>();
  readonly inner = new Map<string, Placed>();
  readonly links: Link[] = [];
  private readonly top: Level;

  constructor(readonly given: Opened) {
    this.top = this.measure(given.document, "", 0);
    for (const [id, open] of this.top.open) this.put(this.top, id, "", this.at(this.top, id), open, 0, "");
  }

  /** Where something is drawn, at any depth. */
  box(id: string): Box | null {
    const frame = this.frames.get(id);
    if (frame) return frame.box;
    const placed = this.inner.get(id);
    if (placed) return placed.box;
    const { document, catalog, footer } = this.given;
    const section = sectionIdOf(id);
    if (section !== null) return boxAround(this, membersOf(document, section));
    const box = boxOf(document, id, catalog, footer);
    return box && { ...box, ...this.place(box) };
  }

  /** All that is drawn: outer nodes, then those in open groups. */
  ids(): string[] {
    const { document } = this.given;
    const beneath = [
      ...Object.keys(document.notes ?? {}).map(noteNodeId),
      ...Object.keys(document.sections ?? {}).map(sectionNodeId),
    ];
    return [...canvasIds(document), ...this.inner.keys(), ...beneath];
  }

  place = ({ x, y }: { x: number; y: number }) => ({ x: this.top.x.place(x), y: this.top.y.place(y) });

  /** The place of the document that is drawn there. */
  back = ({ x, y }: { x: number; y: number }) => ({ x: this.top.x.back(x), y: this.top.y.back(y) });

  private at(level: Level, id: string): { x: number; y: number } {
    const node = level.document.nodes[id]!;
    return { x: level.x.place(node.x), y: level.y.place(node.y) };
  }

  private measure(document: Document, prefix: string, depth: number): Level {
    const { catalog, expanded, graphs, footer } = this.given;
    const open = new Map<string, { level: Level; width: number; height: number; left: number }>();
    const across: { from: number; to: number; by: number }[] = [];
    const down: typeof across = [];
    if (expanded.size > 0 && depth < DEEPEST) {
      for (const node of Object.values(document.nodes)) {
        const graph = node.kind === "component" ? graphs[node.component] : undefined;
        const face = interfaceOf(node, catalog);
        if (!graph || !face || !expanded.has(prefix + node.id)) continue;
        const level = this.measure(graph, `${prefix}${node.id}.`, depth + 1);
        const own = nodeSize(node, face, footer);
        const size = frameSize(node, face, level.bounds, own.height, footer);
        open.set(node.id, { level, ...size });
        across.push({ from: node.x, to: node.x + own.width, by: size.width - own.width });
        down.push({ from: node.y, to: node.y + own.height, by: size.height - own.height });
      }
    }
    const level = { document, open, x: new Stretch(across), y: new Stretch(down) };
    return { ...level, bounds: depth === 0 ? NOWHERE : this.bounds(level) };
  }

  private bounds(level: Omit<Level, "bounds">): Box {
    const { catalog, footer } = this.given;
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const node of Object.values(level.document.nodes)) {
      const { width, height } =
        level.open.get(node.id) ?? nodeSize(node, interfaceOf(node, catalog), footer && node.kind !== "data");
      const x = level.x.place(node.x);
      const y = level.y.place(node.y);
      [left, top] = [Math.min(left, x), Math.min(top, y)];
      [right, bottom] = [Math.max(right, x + width), Math.max(bottom, y + height)];
    }
    return left === Infinity ? NOWHERE : { x: left, y: top, width: right - left, height: bottom - top };
  }

  /** Put an open group where it is drawn, with all that is in it. */
  private put(
    parent: Level,
    id: string,
    prefix: string,
    at: { x: number; y: number },
    { level, width, height, left }: { level: Level; width: number; height: number; left: number },
    depth: number,
    steps: string | null,
  ): void {
    const node = parent.document.nodes[id] as ComponentNode;
    const path = prefix + id;
    const face = interfaceOf(node, this.given.catalog)!;
    this.frames.set(path, {
      id: path,
      node,
      face,
      graph: level.document,
      box: { ...at, width, height },
      depth,
      step: steps === null ? null : steps + id,
    });
    const origin = { x: at.x + left - level.bounds.x, y: at.y + HEADER + MARGIN - level.bounds.y };
    const within = this.stepsWithin(node, steps === null ? null : steps + id);
    const { catalog, footer } = this.given;
    for (const inner of Object.values(level.document.nodes)) {
      const own = this.at(level, inner.id);
      const place = { x: origin.x + own.x, y: origin.y + own.y };
      const size = nodeSize(inner, interfaceOf(inner, catalog), footer && inner.kind !== "data");
      const wired = Object.values(level.document.edges).filter(({ target }) => target === inner.id);
      this.inner.set(`${path}.${inner.id}`, {
        id: `${path}.${inner.id}`,
        node: inner,
        box: { ...place, ...size },
        step: within === null ? null : within + inner.id,
        wired: new Set(wired.map(({ input }) => input)),
        graph: level.document,
      });
      const open = level.open.get(inner.id);
      if (open) this.put(level, inner.id, `${path}.`, place, open, depth + 1, within);
    }
    this.link(path, level.document);
  }

  /** What the ids of a group's steps begin with; of a loop, those of the iteration that is looked into. */
  private stepsWithin(node: ComponentNode, own: string | null): string | null {
    if (own === null) return null;
    if (!node.loop) return `${own}.`;
    const { watched } = this.given;
    return watched?.startsWith(`${own}[`) ? `${watched}.` : null;
  }

  private link(path: string, graph: Document): void {
    const { catalog } = this.given;
    for (const [key, edge] of Object.entries(graph.edges)) {
      const outer = edge.source === INPUTS;
      const type = outer ? graph.inputs[edge.output]?.type : undefined;
      this.links.push({
        id: `${path}.${key}`,
        source: outer ? path : `${path}.${edge.source}`,
        sourceHandle: outer ? innerHandle("in", edge.output) : edge.output,
        target: `${path}.${edge.target}`,
        targetHandle: edge.input,
        type: type ?? outputPort(graph, edge.source, edge.output, catalog)?.type ?? "",
        edge,
        order: null,
      });
    }
    for (const [name, output] of Object.entries(graph.outputs)) {
      this.links.push({
        id: `${path}.$out.${name}`,
        source: `${path}.${output.source}`,
        sourceHandle: output.output,
        target: path,
        targetHandle: innerHandle("out", name),
        type: output.type,
        edge: { source: output.source, output: output.output, target: path, input: name },
        order: null,
      });
    }
    for (const [key, order] of Object.entries(graph.order)) {
      this.links.push({
        id: `${path}.${key}`,
        source: `${path}.${order.source}`,
        sourceHandle: handleOf(graph.nodes[order.source], order.condition),
        target: `${path}.${order.target}`,
        targetHandle: "$after",
        type: "",
        edge: null,
        order,
      });
    }
  }
}

const NOWHERE: Box = { x: 0, y: 0, width: 176, height: 44 };

/** The handles on the inside of a frame, where its ports go on within. */
export const innerHandle = (side: "in" | "out", port: string): string => `$${side}.${port}`;

/** As large as what is in it, with room for the labels of its ports at both sides. */
function frameSize(node: GraphNode, face: Interface, bounds: Box, least: number, footer: boolean) {
  const side = (labels: readonly { label: string }[]) =>
    40 + Math.min(104, 6.5 * Math.max(0, ...labels.map(({ label }) => label.length)));
  const left = Math.round(side(inputPorts(node, face)));
  const right = Math.round(side(outputPorts(node, face)));
  const height = HEADER + MARGIN + bounds.height + MARGIN + 8 + (footer ? FOOTER : 0);
  return { width: left + bounds.width + right, height: Math.max(least, height), left };
}
