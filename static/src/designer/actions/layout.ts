/** Laying the graph out by itself: in a worker, as one undoable move. */

import { boxOf } from "../../graph/placement.ts";
import { canvasIds, topological } from "../../graph/order.ts";
import { portY, snap } from "../../graph/geometry.ts";
import { inputPorts, interfaceOf, outputPorts } from "../../graph/ports.ts";
import type { GraphNode } from "../../graph/types.ts";
import { sourceId } from "../../graph/types.ts";
import { app } from "../app.ts";
import { docStore } from "../state/doc.ts";
import { announce, notify, setUi, uiStore } from "../state/ui.ts";
import { moveTo } from "./edit.ts";
import { fit, travel } from "./focus.ts";
import { AFTER, handleOf, handlesOut } from "./order.ts";

interface LaidOut {
  children?: { id: string; x?: number; y?: number }[];
}

interface Engine {
  layout(graph: unknown): Promise<LaidOut>;
}

let engine: Promise<Engine> | null = null;

function load(): Promise<Engine> {
  engine ??= Promise.all([import("elkjs/lib/elk-api.js"), import("elkjs/lib/elk-worker.min.js?url")]).then(
    ([{ default: Elk }, { default: worker }]) => new Elk({ workerFactory: () => new Worker(worker) }),
  );
  return engine;
}

/** Where order edges come in and go out, as ELK knows ports. */
function orderPorts(node: GraphNode | undefined, { width, height }: { width: number; height: number }) {
  if (!node || node.kind === "data") return [];
  const port = (name: string, x: number, y: number, side: string) => ({
    id: `${node.id} ${name}`,
    x,
    y,
    width: 0,
    height: 0,
    layoutOptions: { "elk.port.side": side },
  });
  return [
    port(`in ${AFTER}`, width / 2, 0, "NORTH"),
    ...handlesOut(node).map((name, row) =>
      node.kind === "branch"
        ? port(`out ${name}`, width, portY(row), "EAST")
        : port(`out ${name}`, width / 2, height, "SOUTH"),
    ),
  ];
}

/** What ELK is asked: sizes and port places as they are drawn, so that wires do not cross where they need not. */
function question(ids: readonly string[]) {
  const { document } = docStore.getState();
  const { catalog } = app();
  const inside = new Set(ids);
  const children = ids.flatMap((id) => {
    const box = boxOf(document, id, catalog, true);
    if (!box) return [];
    const node = document.nodes[id];
    const face = node && interfaceOf(node, catalog);
    const ins = node ? inputPorts(node, face).map((port) => port.name) : [];
    const outs = node ? outputPorts(node, face).map((port) => port.name) : [id.slice("$inputs.".length)];
    const port = (side: string, name: string, index: number, x: number) => ({
      id: `${id} ${side} ${name}`,
      x,
      y: portY(index),
      width: 0,
      height: 0,
      layoutOptions: { "elk.port.side": side === "in" ? "WEST" : "EAST" },
    });
    return {
      id,
      width: box.width,
      height: box.height,
      layoutOptions: { "elk.portConstraints": "FIXED_POS" },
      ports: [
        ...orderPorts(node, box),
        ...ins.map((name, index) => port("in", name, index, 0)),
        ...outs.map((name, index) => port("out", name, index, box.width)),
      ],
    };
  });
  const edges = Object.entries(document.edges)
    .filter(([, edge]) => inside.has(edge.target) && inside.has(sourceId(edge)))
    .map(([key, edge]) => ({
      id: key,
      sources: [`${sourceId(edge)} out ${edge.output}`],
      targets: [`${edge.target} in ${edge.input}`],
    }));
  for (const [key, { source, target, condition }] of Object.entries(document.order)) {
    if (!inside.has(source) || !inside.has(target)) continue;
    const out = `${source} out ${handleOf(document.nodes[source], condition)}`;
    edges.push({ id: key, sources: [out], targets: [`${target} in ${AFTER}`] });
  }
  return {
    id: "root",
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": "RIGHT",
      "elk.layered.spacing.nodeNodeBetweenLayers": "80",
      "elk.spacing.nodeNode": "32",
      "elk.spacing.componentComponent": "48",
      "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
      "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
    },
    children,
    edges,
  };
}

/** Lay out everything, or some nodes around where they are. Edits made meanwhile are not overwritten: it moves, no more. */
export async function layoutGraph(some?: readonly string[]): Promise<void> {
  const { document } = docStore.getState();
  if (uiStore.getState().layingOut) return;
  const wanted = new Set(some ?? canvasIds(document));
  const ids = topological(document).filter((id) => wanted.has(id));
  if (ids.length < 2) return;
  setUi({ layingOut: true });
  try {
    const { children = [] } = await (await load()).layout(question(ids));
    const boxes = ids.flatMap((id) => boxOf(docStore.getState().document, id, app().catalog) ?? []);
    const left = some ? Math.min(...boxes.map((box) => box.x)) : 0;
    const top = some ? Math.min(...boxes.map((box) => box.y)) : 0;
    const minX = Math.min(...children.map((child) => child.x ?? 0));
    const minY = Math.min(...children.map((child) => child.y ?? 0));
    const positions: Record<string, [number, number]> = {};
    for (const { id, x = 0, y = 0 } of children)
      positions[id] = [snap(left + x - minX), snap(top + y - minY)];
    await glide(positions);
    if (moveTo(positions, some ? "Lay out selection" : "Lay out"))
      announce(`Laid out ${children.length} nodes.`);
    if (!some) fit();
  } catch {
    notify("The graph could not be laid out. Try again.");
  } finally {
    setUi({ layingOut: false, drag: null });
  }
}

/** Let nodes travel to their new places; any key or press ends it. */
function glide(to: Readonly<Record<string, readonly [number, number]>>): Promise<void> {
  const time = travel();
  const ids = Object.keys(to);
  // Open groups push nodes apart in the view alone: then they are simply put in their places.
  if (time === 0 || ids.length > 200 || uiStore.getState().expanded.size > 0) return Promise.resolve();
  const { document } = docStore.getState();
  const from = new Map(ids.map((id) => [id, boxOf(document, id, app().catalog) ?? { x: 0, y: 0 }]));
  return new Promise((done) => {
    const start = performance.now();
    let over = false;
    const stop = () => (over = true);
    window.addEventListener("pointerdown", stop, { once: true });
    window.addEventListener("keydown", stop, { once: true });
    const frame = (now: number) => {
      const share = Math.min(1, (now - start) / time);
      if (over || share === 1) {
        window.removeEventListener("pointerdown", stop);
        window.removeEventListener("keydown", stop);
        return done();
      }
      const eased = 1 - (1 - share) ** 3;
      const drag = new Map<string, { x: number; y: number }>();
      for (const id of ids) {
        const a = from.get(id)!;
        const [x, y] = to[id]!;
        drag.set(id, { x: a.x + (x - a.x) * eased, y: a.y + (y - a.y) * eased });
      }
      setUi({ drag });
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}
