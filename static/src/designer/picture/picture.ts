/** The canvas as one SVG file: drawn from the document, whole, at zoom 1, without selection and runs. */

import type { Catalog, Document } from "../../graph/types.ts";
import type { CardNode } from "../canvas/flow.ts";
import { flowNodes } from "../canvas/flow.ts";
import { flowEdges } from "../canvas/flowEdges.ts";
import { Layout } from "../groups/layout.ts";
import { foldedMembers } from "../sections/boxes.ts";
import { drawNote, drawSection } from "./annotations.ts";
import { mix } from "./colours.ts";
import { drawFrame, drawInput, drawStep } from "./nodes.ts";
import type { Tools } from "./pen.ts";
import { Pen, SANS, element, escape } from "./pen.ts";
import { drawEdge } from "./wires.ts";

export interface Shown {
  readonly document: Document;
  readonly catalog: Catalog;
  readonly graphs: Readonly<Record<string, Document>>;
  /** Groups that are open, and sections that are folded. */
  readonly expanded: ReadonlySet<string>;
  readonly folded: ReadonlySet<string>;
  readonly title: string;
}

export interface Picture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

const MARGIN = 32;
const NONE: ReadonlySet<string> = new Set();

export function drawPicture(shown: Shown, tools: Tools): Picture {
  const { document, catalog, folded } = shown;
  const pen = new Pen(tools);
  const layout = new Layout({ ...shown, footer: false, watched: null });
  const view = { selection: NONE, current: null, drag: null, footer: false, editable: false, folded };
  const cards = flowNodes(document, catalog, view, new Map(), layout);
  const byId = new Map(cards.map((card) => [card.id, card]));
  const edges = flowEdges(document, catalog, NONE, false, new Map(), layout, foldedMembers(document, folded));
  const wires = edges.flatMap((edge) => drawEdge(pen, edge, byId) ?? []);

  const deep = cards.filter(({ zIndex = 0 }) => zIndex < 0).sort((a, b) => a.zIndex! - b.zIndex!);
  const upper = cards.filter(({ zIndex = 0 }) => zIndex >= 0);
  const draw = (card: CardNode) => {
    const { x, y } = card.position;
    return element("g", { transform: `translate(${x} ${y})` }, drawCard(pen, card, shown));
  };
  const { x, y, width, height } = around([
    ...cards.flatMap((card) => corners(pen, card, document)),
    ...wires.flatMap(({ reach }) => reach),
  ]);
  const body = [
    element("title", {}, escape(shown.title)),
    element(
      "defs",
      {},
      hatch(pen, "broken", pen.colour("--surface-sunken"), 16, 8) +
        hatch(pen, "disabled", mix(pen.colour("--ink-muted"), 0.16, pen.colour("--surface-card")), 9, 2),
    ),
    element("rect", { x, y, width, height, fill: pen.colour("--canvas") }),
    ...deep.map(draw),
    ...wires.map(({ line }) => line),
    ...upper.map(draw),
    ...wires.map(({ label }) => label),
  ].join("\n");
  const frame = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `${x} ${y} ${width} ${height}`,
    width,
    height,
    "font-family": SANS,
  };
  return { svg: element("svg", frame, body), width, height };
}

function drawCard(pen: Pen, card: CardNode, { document, catalog }: Shown): string {
  const size = { width: card.width!, height: card.height! };
  switch (card.type) {
    case "section":
      return drawSection(pen, size, card.data);
    case "note":
      return drawNote(pen, size, card.data.note, `clip-${card.data.note.id}`);
    case "input":
      return drawInput(pen, size, card.data, catalog.labels[card.data.input.type] ?? card.data.input.type);
    case "frame":
      return drawFrame(pen, size, card.data, card.id in document.nodes, document);
    default:
      return drawStep(pen, size, card.data, document);
  }
}

/** Stripes from the lower left to the upper right, as `repeating-linear-gradient(135deg)` has them. */
const hatch = (pen: Pen, id: string, stripe: string, every: number, wide: number): string =>
  element(
    "pattern",
    { id, width: every, height: every, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    element("rect", { width: every, height: every, fill: pen.colour("--surface-card") }) +
      element("rect", { x: every - wide, width: wide, height: every, fill: stripe }),
  );

/** Of a card with the pipeline outputs to its right. */
function corners(pen: Pen, { id, position: { x, y }, width, height }: CardNode, document: Document) {
  const names = Object.entries(document.outputs).filter(([, output]) => output.source === id);
  const beside = names.map(([name]) => pen.tools.measure(name, { size: 11, weight: 500 }) + 41);
  return [
    { x, y },
    { x: x + width! + Math.max(0, ...beside), y: y + height! },
  ];
}

/** The box around all of these, with a margin, in whole px. */
function around(points: readonly { x: number; y: number }[]) {
  let [left, top, right, bottom] =
    points.length > 0 ? [Infinity, Infinity, -Infinity, -Infinity] : [0, 0, 0, 0];
  for (const { x, y } of points) {
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x), Math.max(bottom, y)];
  }
  const x = Math.floor(left - MARGIN);
  const y = Math.floor(top - MARGIN);
  return { x, y, width: Math.ceil(right + MARGIN) - x, height: Math.ceil(bottom + MARGIN) - y };
}
