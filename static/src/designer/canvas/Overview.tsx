import { useReactFlow, useStore } from "@xyflow/react";
import type { PointerEvent } from "react";
import { useEffect, useMemo, useRef } from "react";

import { moveTo } from "../actions/edit.ts";
import { currentView } from "../groups/view.ts";
import { docStore } from "../state/doc.ts";
import { useRun } from "../state/run.ts";
import { select, uiStore } from "../state/ui.ts";
import { snap } from "../../graph/geometry.ts";
import { dragged } from "../sections/dragging.ts";
import type { CardNode, WireEdge } from "./flow.ts";
import type { Shift } from "./overviewPaths.ts";
import { overviewPaths } from "./overviewPaths.ts";

export const OVERVIEW_ZOOM = 0.4;
export const OVERVIEW_FROM = 60;

interface Grip {
  start: { x: number; y: number };
  node: CardNode | null;
  panFrom: { x: number; y: number };
  moved: boolean;
}

/** A large graph seen from far: one drawing instead of a thousand elements. Clicking, dragging and panning go on. */
export function Overview({ nodes, edges }: { nodes: readonly CardNode[]; edges: readonly WireEdge[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useReactFlow();
  const [x, y, zoom] = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const steps = useRun((state) => state.steps);
  const grip = useRef<Grip | null>(null);
  const shift = useRef<Shift | null>(null);

  // Looking elsewhere draws the same paths again; only what is in them has them made anew.
  const resting = useMemo(() => overviewPaths(nodes, edges, steps, null), [nodes, edges, steps]);
  const draw = useRef(() => {});
  useEffect(() => {
    draw.current = () => {
      const element = canvas.current;
      const context = element?.getContext("2d");
      if (!element || !context) return;
      const ratio = devicePixelRatio;
      if (element.width !== Math.round(width * ratio)) element.width = Math.round(width * ratio);
      if (element.height !== Math.round(height * ratio)) element.height = Math.round(height * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      context.translate(x, y);
      context.scale(zoom, zoom);
      const colour = (name: string) => {
        context.canvas.style.color = `var(${name})`;
        return getComputedStyle(context.canvas).color;
      };
      const colours = new Map<string, string>();
      const of = (name: string): string => {
        if (!name.startsWith("--")) return name;
        let found = colours.get(name);
        if (!found) colours.set(name, (found = colour(name)));
        return found;
      };
      const moved = shift.current;
      for (const drawn of moved ? overviewPaths(nodes, edges, steps, moved) : resting) {
        context.globalAlpha = drawn.alpha ?? 1;
        if (drawn.width === undefined) {
          context.fillStyle = of(drawn.colour);
          context.fill(drawn.path);
          continue;
        }
        context.strokeStyle = of(drawn.colour);
        context.lineWidth = drawn.width / zoom;
        context.setLineDash(drawn.dash ? [6 / zoom, 4 / zoom] : []);
        context.stroke(drawn.path);
      }
    };
    draw.current();
  }, [nodes, edges, resting, x, y, zoom, width, height, steps]);

  const at = (event: PointerEvent) =>
    flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }, { snapToGrid: false });
  const hit = (point: { x: number; y: number }): CardNode | null =>
    nodes.findLast(
      ({ position, width: w = 0, height: h = 0 }) =>
        point.x >= position.x &&
        point.x <= position.x + w &&
        point.y >= position.y &&
        point.y <= position.y + h,
    ) ?? null;

  const onPointerDown = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const node = hit(at(event));
    grip.current = { start: { x: event.clientX, y: event.clientY }, node, panFrom: { x, y }, moved: false };
    if (node && !uiStore.getState().selection.has(node.id)) {
      select(event.shiftKey ? [...uiStore.getState().selection, node.id] : [node.id]);
    }
  };
  const onPointerMove = (event: PointerEvent) => {
    const held = grip.current;
    if (!held) return;
    const dx = event.clientX - held.start.x;
    const dy = event.clientY - held.start.y;
    if (!held.moved && Math.hypot(dx, dy) < 4) return;
    held.moved = true;
    if (!held.node) void flow.setViewport({ x: held.panFrom.x + dx, y: held.panFrom.y + dy, zoom });
    else if (docStore.getState().editable) {
      const ids = new Set(
        [...uiStore.getState().selection].flatMap((id) => [
          id,
          ...dragged(id, { x: 0, y: 0 }).map(([member]) => member),
        ]),
      );
      shift.current = { ids, dx: snap(dx / zoom), dy: snap(dy / zoom) };
      draw.current();
    }
  };
  const onPointerUp = () => {
    const held = grip.current;
    const by = shift.current;
    grip.current = null;
    shift.current = null;
    if (held && !held.node && !held.moved) select([]);
    if (!by) return;
    const ids = new Set([...by.ids].flatMap((id) => dragged(id, { x: 0, y: 0 }).map(([member]) => member)));
    const moved = nodes.filter((node) => ids.has(node.id));
    const view = currentView();
    moveTo(
      Object.fromEntries(
        moved
          .filter(({ draggable }) => draggable)
          .map(({ id, position }) => {
            const at = view.back({ x: position.x + by.dx, y: position.y + by.dy });
            return [id, [snap(at.x), snap(at.y)] as [number, number]];
          }),
      ),
    );
  };

  return (
    <canvas
      ref={canvas}
      className="canvas-overview"
      role="img"
      aria-label={`Overview of ${nodes.length} nodes; zoom in to see them, or use the outline`}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onWheel={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        const next = Math.min(2, Math.max(0.08, zoom * Math.exp(-event.deltaY * 0.002)));
        const point = { x: event.clientX - box.left, y: event.clientY - box.top };
        const to = { x: point.x - ((point.x - x) / zoom) * next, y: point.y - ((point.y - y) / zoom) * next };
        void flow.setViewport({ ...to, zoom: next });
      }}
    />
  );
}
