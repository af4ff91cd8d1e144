/** Wires and order edges between the handles of cards (wire.css, order.css). */

import { Position, getBezierPath } from "@xyflow/react";

import { CONDITIONS } from "../canvas/conditions.ts";
import { hue } from "../canvas/family.ts";
import type { CardNode, OrderFlowEdge, WireEdge } from "../canvas/flow.ts";
import { orderPath } from "../canvas/orderPath.ts";
import type { Pen } from "./pen.ts";
import { element } from "./pen.ts";

interface End {
  readonly x: number;
  readonly y: number;
  readonly position: Position;
}

/** Where an edge meets a card: at the outer side of its handle. */
function endAt(
  card: CardNode | undefined,
  handle: string | null | undefined,
  type: "source" | "target",
): End | null {
  const found = card?.handles?.find((each) => each.id === handle && each.type === type);
  if (!card || !found) return null;
  const { position, width = 0, height = 0 } = found;
  const x = card.position.x + found.x;
  const y = card.position.y + found.y;
  switch (position) {
    case Position.Left:
      return { x, y: y + height / 2, position };
    case Position.Right:
      return { x: x + width, y: y + height / 2, position };
    case Position.Top:
      return { x: x + width / 2, y, position };
    case Position.Bottom:
      return { x: x + width / 2, y: y + height, position };
  }
}

export interface DrawnWire {
  readonly line: string;
  /** What lies above the nodes: the word of an order edge. */
  readonly label: string;
  /** Corners that the picture must hold. */
  readonly reach: readonly { readonly x: number; readonly y: number }[];
}

export function drawEdge(pen: Pen, edge: WireEdge, cards: ReadonlyMap<string, CardNode>): DrawnWire | null {
  const from = endAt(cards.get(edge.source), edge.sourceHandle, "source");
  const to = endAt(cards.get(edge.target), edge.targetHandle, "target");
  if (!from || !to || !edge.data) return null;
  const ends = {
    sourceX: from.x,
    sourceY: from.y,
    sourcePosition: from.position,
    targetX: to.x,
    targetY: to.y,
    targetPosition: to.position,
  };
  if (edge.type === "wire") {
    const [d] = getBezierPath(ends);
    const look = {
      stroke: pen.colour(hue(edge.data.family)),
      "stroke-opacity": 0.7,
      "stroke-width": 1.75,
    };
    return { line: element("path", { d, fill: "none", ...look }), label: "", reach: pointsOf(d) };
  }
  const { path: d, x, y } = orderPath(ends);
  const { word, icon, hue: token } = CONDITIONS[(edge as OrderFlowEdge).data!.edge.condition];
  const tint = pen.colour(token);
  const look = { stroke: tint, "stroke-opacity": 0.75, "stroke-width": 1.5, "stroke-dasharray": "5 4" };
  const arrow = `M${to.x - 3} ${to.y - 6}H${to.x + 3}L${to.x} ${to.y}z`;
  const size = pen.chip(0, 0, icon, word, { hue: tint });
  return {
    line:
      element("path", { d, fill: "none", ...look }) +
      element("path", { d: arrow, fill: tint, "fill-opacity": 0.75 }),
    label: pen.chip(x - size.width / 2, y, icon, word, { hue: tint }).drawn,
    reach: [...pointsOf(d), { x: x - size.width / 2, y }, { x: x + size.width / 2, y }],
  };
}

/** All points that a path names: it lies within them. */
function pointsOf(path: string): { x: number; y: number }[] {
  const numbers = path.match(/-?\d+(\.\d+)?(e-?\d+)?/g)?.map(Number) ?? [];
  return Array.from({ length: numbers.length >> 1 }, (_, at) => ({
    x: numbers[2 * at]!,
    y: numbers[2 * at + 1]!,
  }));
}
