/** What the overview draws, as a few paths in the document's own coordinates: seen from elsewhere, they are the same. */

import type { StepState } from "../../run/types.ts";
import { statusLook } from "../../run/status.ts";
import { categoryHue } from "../palette/categories.ts";
import { TINTS } from "../sections/tints.ts";
import type { CardNode, WireEdge } from "./flow.ts";

/** One path, with a colour or the name of its variable. `width` and `dash` are in pixels of the screen; none: it is filled. */
export interface Drawn {
  readonly path: Path2D;
  readonly colour: string;
  readonly width?: number;
  readonly dash?: boolean;
  readonly alpha?: number;
}

/** How far some nodes are dragged. */
export interface Shift {
  readonly ids: ReadonlySet<string>;
  readonly dx: number;
  readonly dy: number;
}

const TILE = 24;
const STATUS = 14;

/** The hue of a node's tile, as the name of its variable. */
const tileOf = (node: CardNode): string => {
  if (node.type === "branch") return categoryHue("Control flow").slice(4, -1);
  if (node.type === "note" || node.type === "section") return "--border-strong";
  const face = node.type === "input" ? undefined : node.data.face;
  return categoryHue(face?.category ?? "").slice(4, -1);
};

/** As many paths as there are colours, however many nodes: a path that is drawn costs more than a line in it. */
export function overviewPaths(
  nodes: readonly CardNode[],
  edges: readonly WireEdge[],
  steps: Readonly<Record<string, StepState>>,
  shift: Shift | null,
): Drawn[] {
  const layers = [1, 2, 3, 4].map(() => new Map<string, Drawn>());
  const path = (layer: number, drawn: Omit<Drawn, "path">): Path2D => {
    const key = `${drawn.colour} ${drawn.width ?? ""} ${drawn.dash ?? ""} ${drawn.alpha ?? ""}`;
    let found = layers[layer]!.get(key);
    if (!found) layers[layer]!.set(key, (found = { path: new Path2D(), ...drawn }));
    return found.path;
  };
  const boxes = new Map(
    nodes.map((node) => {
      const by = shift?.ids.has(node.id) ? shift : null;
      const { width = 0, height = 0 } = node;
      return [
        node.id,
        { x: node.position.x + (by?.dx ?? 0), y: node.position.y + (by?.dy ?? 0), width, height },
      ];
    }),
  );
  for (const node of nodes) {
    if (node.type !== "note" && node.type !== "section") continue;
    const { x, y, width, height } = boxes.get(node.id)!;
    const tint = TINTS[node.type === "note" ? node.data.note.color : node.data.section.color];
    path(0, { colour: tint, alpha: node.type === "note" ? 0.45 : 0.18 }).roundRect(x, y, width, height, 12);
    const edge = { colour: node.selected ? "--accent" : tint, width: 1, alpha: 0.8 };
    path(0, edge).roundRect(x, y, width, height, 12);
  }
  for (const edge of edges) {
    const from = boxes.get(edge.source);
    const to = boxes.get(edge.target);
    if (!from || !to) continue;
    const order = edge.type === "order";
    const family = edge.type === "wire" ? edge.data?.family : undefined;
    const colour = order ? "--ink-muted" : `--port-${family ?? "table"}`;
    const wire = path(1, { colour, width: 1, dash: order, alpha: 0.6 });
    const [startX, startY] = [from.x + from.width, from.y + from.height / 2];
    const endY = to.y + to.height / 2;
    const bend = Math.max(40, Math.abs(to.x - startX) / 2);
    wire.moveTo(startX, startY);
    wire.bezierCurveTo(startX + bend, startY, to.x - bend, endY, to.x, endY);
  }
  for (const node of nodes) {
    if (node.type === "note" || (node.type === "section" && !node.data.folded)) continue;
    const { x, y, width, height } = boxes.get(node.id)!;
    path(2, { colour: "--surface-card" }).roundRect(x, y, width, height, 8);
    const edge = node.selected ? { colour: "--accent", width: 3 } : { colour: "--border-strong", width: 1 };
    path(3, edge).roundRect(x, y, width, height, 8);
    path(3, { colour: tileOf(node) }).rect(x, y + 8, TILE, height - 16);
    const status = steps[node.id]?.status;
    if (status)
      path(3, { colour: `--status-${statusLook(status).tone}` }).rect(x, y + height - STATUS, width, STATUS);
  }
  return layers.flatMap((layer) => [...layer.values()]);
}
