import { useReactFlow, useStore } from "@xyflow/react";
import type { PointerEvent } from "react";
import { useEffect, useRef } from "react";

import { statusLook } from "../../run/status.ts";
import { moveTo } from "../actions/edit.ts";
import { currentView } from "../groups/view.ts";
import { docStore } from "../state/doc.ts";
import { useRun } from "../state/run.ts";
import { select, uiStore } from "../state/ui.ts";
import { snap } from "../../graph/geometry.ts";
import { dragged } from "../sections/dragging.ts";
import { TINTS } from "../sections/tints.ts";
import { categoryHue } from "../palette/categories.ts";
import type { CardNode, WireEdge } from "./flow.ts";

export const OVERVIEW_ZOOM = 0.4;
export const OVERVIEW_FROM = 150;

/** The hue of a node's tile, as the name of its variable. */
const tileOf = (node: CardNode): string => {
  if (node.type === "branch") return categoryHue("Control flow").slice(4, -1);
  if (node.type === "note" || node.type === "section") return "--border-strong";
  const face = node.type === "input" ? undefined : node.data.face;
  return categoryHue(face?.category ?? "").slice(4, -1);
};

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
  const shift = useRef<{ ids: ReadonlySet<string>; dx: number; dy: number } | null>(null);

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
        let found = colours.get(name);
        if (!found) colours.set(name, (found = colour(name)));
        return found;
      };
      const moved = shift.current;
      const place = (node: CardNode) => {
        const by = moved?.ids.has(node.id) ? moved : null;
        return { x: node.position.x + (by?.dx ?? 0), y: node.position.y + (by?.dy ?? 0) };
      };
      const byId = new Map(nodes.map((node) => [node.id, node]));
      const under = nodes.filter((node) => node.type === "note" || node.type === "section");
      context.lineWidth = 1 / zoom;
      for (const node of under) {
        const { color } = node.type === "note" ? node.data.note : node.data.section;
        const { x: left, y: top } = place(node);
        context.globalAlpha = node.type === "note" ? 0.45 : 0.18;
        context.fillStyle = TINTS[color];
        context.strokeStyle = node.selected ? of("--accent") : TINTS[color];
        context.beginPath();
        context.roundRect(left, top, node.width ?? 0, node.height ?? 0, 12);
        context.fill();
        context.globalAlpha = 0.8;
        context.stroke();
      }
      context.globalAlpha = 0.6;
      for (const edge of edges) {
        const from = byId.get(edge.source);
        const to = byId.get(edge.target);
        if (!from || !to) continue;
        const a = place(from);
        const b = place(to);
        const startX = a.x + (from.width ?? 0);
        const startY = a.y + (from.height ?? 0) / 2;
        const endY = b.y + (to.height ?? 0) / 2;
        const bend = Math.max(40, Math.abs(b.x - startX) / 2);
        const family = edge.type === "wire" ? edge.data?.family : undefined;
        context.setLineDash(edge.type === "order" ? [6 / zoom, 4 / zoom] : []);
        context.strokeStyle = of(edge.type === "order" ? "--ink-muted" : `--port-${family ?? "table"}`);
        context.beginPath();
        context.moveTo(startX, startY);
        context.bezierCurveTo(startX + bend, startY, b.x - bend, endY, b.x, endY);
        context.stroke();
      }
      context.setLineDash([]);
      context.globalAlpha = 1;
      for (const node of nodes) {
        if (node.type === "note" || (node.type === "section" && !node.data.folded)) continue;
        const at = place(node);
        const status = steps[node.id]?.status;
        context.fillStyle = of("--surface-card");
        context.strokeStyle = of(node.selected ? "--accent" : "--border-strong");
        context.lineWidth = (node.selected ? 3 : 1) / zoom;
        context.beginPath();
        context.roundRect(at.x, at.y, node.width ?? 0, node.height ?? 0, 8);
        context.fill();
        context.stroke();
        context.fillStyle = of(tileOf(node));
        context.fillRect(at.x, at.y + 8, 24, (node.height ?? 0) - 16);
        if (status) {
          context.fillStyle = of(`--status-${statusLook(status).tone}`);
          context.fillRect(at.x, at.y + (node.height ?? 0) - 14, node.width ?? 0, 14);
        }
      }
    };
    draw.current();
  }, [nodes, edges, x, y, zoom, width, height, steps]);

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
