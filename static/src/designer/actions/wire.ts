/** The wire in hand: what it may end at, what it snaps to, and what happens when it is let go. */

import { reach } from "../../graph/adjacency.ts";
import { judge, judgeOrder, upstreamOf } from "../../graph/connection.ts";
import { portY } from "../../graph/geometry.ts";
import { canvasIds } from "../../graph/order.ts";
import { wireFrom } from "../../graph/placement.ts";
import { inputPorts, interfaceOf, outputPort, outputPorts } from "../../graph/ports.ts";
import type { Document, Edge, Verdict } from "../../graph/types.ts";
import { edgeKey, inputNameOf, sourceId } from "../../graph/types.ts";
import { app } from "../app.ts";
import { currentView } from "../groups/view.ts";
import { docStore } from "../state/doc.ts";
import type { PortEnd, WireInHand } from "../state/ui.ts";
import { portKey, setUi } from "../state/ui.ts";
import { AFTER, handlesOut, isOrderEnd, joinable, orderBetween } from "./order.ts";

const NOWHERE: ReadonlySet<string> = new Set<string>();

/** The wire between two ends, whichever way it was drawn. */
export function wireBetween(a: PortEnd, b: PortEnd): Edge | null {
  const [from, to] = a.side === "out" ? [a, b] : [b, a];
  if (from.side !== "out" || to.side !== "in") return null;
  return wireFrom(from.node, from.port, to.node, to.port);
}

/** The document as it is judged: without the wire that is being moved. */
export function judgedDocument(moving: Edge | null): Document {
  const { document } = docStore.getState();
  if (!moving) return document;
  const edges = { ...document.edges };
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a table by key
  delete edges[edgeKey(moving.target, moving.input)];
  return { ...document, edges };
}

/** Take a wire in hand: every port is judged once, here, and not while the pointer moves. */
export function takeWire(from: PortEnd, moving: Edge | null = null): void {
  if (isOrderEnd(from)) return takeOrder(from);
  const document = judgedDocument(moving);
  const { catalog } = app();
  const verdicts = new Map<string, Verdict>([[portKey(from), "yes"]]);
  if (from.side === "out") {
    const upstream = upstreamOf(document, from.node);
    for (const node of Object.values(document.nodes)) {
      for (const port of inputPorts(node, interfaceOf(node, catalog))) {
        const end: PortEnd = { node: node.id, port: port.name, side: "in" };
        const loops = upstream.has(node.id);
        const wire = wireFrom(from.node, from.port, node.id, port.name);
        verdicts.set(portKey(end), loops ? "no" : judge(document, catalog, wire, NOWHERE).verdict);
      }
    }
  } else {
    const downstream = reach(document, from.node);
    for (const id of canvasIds(document)) {
      for (const port of outputNames(document, id)) {
        const end: PortEnd = { node: id, port, side: "out" };
        const wire = wireFrom(id, port, from.node, from.port);
        verdicts.set(
          portKey(end),
          downstream.has(id) ? "no" : judge(document, catalog, wire, NOWHERE).verdict,
        );
      }
    }
  }
  setUi({ wire: { from, verdicts, moving } });
}

/** Take an order edge in hand: it may end at nodes, whichever port is there. */
function takeOrder(from: PortEnd): void {
  const { document } = docStore.getState();
  const verdicts = new Map<string, Verdict>([[portKey(from), "yes"]]);
  const side = from.side === "out" ? "in" : "out";
  for (const [node, judged] of joinable(document, from.node, from.side)) {
    const ports = side === "in" ? [AFTER] : handlesOut(document.nodes[node]!);
    for (const port of ports) verdicts.set(portKey({ node, port, side }), judged.verdict);
  }
  setUi({ wire: { from, verdicts, moving: null } });
}

export const dropWire = (): void => setUi({ wire: null });

function outputNames(document: Document, id: string): string[] {
  const name = inputNameOf(id);
  if (name !== null) return [name];
  const node = document.nodes[id];
  return node ? outputPorts(node, interfaceOf(node, app().catalog)).map((port) => port.name) : [];
}

export interface Landing {
  readonly end: PortEnd | null;
  /** Where the wire is drawn to. */
  readonly x: number;
  readonly y: number;
  readonly verdict: Verdict | null;
  readonly reason: string;
}

/** What a wire let go at a point would do: the port under it, else the nearest port that fits of the node under it. */
export function landing(x: number, y: number, wire: WireInHand | null): Landing {
  const nowhere: Landing = { end: null, x, y, verdict: null, reason: "" };
  if (!wire) return nowhere;
  const document = judgedDocument(wire.moving);
  const { catalog } = app();
  const side = wire.from.side === "out" ? "in" : "out";
  const view = currentView();
  for (const id of canvasIds(document).reverse()) {
    const box = view.box(id);
    if (!box || x < box.x - 14 || x > box.x + box.width + 14 || y < box.y || y > box.y + box.height) continue;
    if (id === wire.from.node) continue;
    const node = document.nodes[id];
    if (isOrderEnd(wire.from)) return orderLanding({ x, y }, wire, id);
    const names =
      side === "in"
        ? node
          ? inputPorts(node, interfaceOf(node, catalog)).map((port) => port.name)
          : []
        : outputNames(document, id);
    const portX = side === "in" ? box.x : box.x + box.width;
    const ends = names.map((port, index) => {
      const end: PortEnd = { node: id, port, side };
      const at = box.y + portY(index);
      return { end, at, verdict: wire.verdicts.get(portKey(end)) ?? "no", far: Math.abs(at - y) };
    });
    if (ends.length === 0)
      return { ...nowhere, verdict: "no", reason: `This has no ${side === "in" ? "input" : "output"}.` };
    ends.sort((a, b) => a.far - b.far);
    const onPort = ends.find((each) => each.far <= 12 && Math.abs(x - portX) <= 16);
    const chosen = onPort ?? ends.find((each) => each.verdict !== "no") ?? ends[0]!;
    const edge = wireBetween(wire.from, chosen.end);
    const judged = edge ? judge(document, catalog, edge) : null;
    if (!judged || judged.verdict === "no")
      return { ...nowhere, end: chosen.end, verdict: "no", reason: judged?.reason ?? "" };
    return { end: chosen.end, x: portX, y: chosen.at, verdict: judged.verdict, reason: judged.reason };
  }
  return nowhere;
}

/** An order edge lands anywhere on a node. Pulled backwards onto a branch, it takes the way that is nearer. */
function orderLanding({ x, y }: { x: number; y: number }, wire: WireInHand, id: string): Landing {
  const { document } = docStore.getState();
  const node = document.nodes[id];
  const side = wire.from.side === "out" ? "in" : "out";
  const ports = side === "in" ? [AFTER] : node ? handlesOut(node) : [];
  const ends = ports.map((port) => ({ node: id, port, side }) as const);
  const far = (end: PortEnd) => Math.abs((portPlace(end)?.y ?? 0) - y);
  const [end] = ends.sort((a, b) => far(a) - far(b));
  const edge = end && orderBetween(wire.from, end);
  if (!edge) {
    const reason = "This is there from the start: nothing has to wait for it, and it waits for nothing.";
    return { end: null, x, y, verdict: "no", reason };
  }
  const judged = judgeOrder(document, edge);
  const at = (judged.verdict !== "no" && portPlace(end)) || { x, y };
  return { end, ...at, verdict: judged.verdict, reason: judged.reason };
}

/** Where a port is on the canvas. */
export function portPlace(end: PortEnd): { x: number; y: number } | null {
  const { document } = docStore.getState();
  const box = currentView().box(end.node);
  const node = document.nodes[end.node];
  if (!box) return null;
  if (end.port === AFTER) return { x: box.x + box.width / 2, y: box.y };
  if (isOrderEnd(end)) {
    const row = node?.kind === "branch" ? handlesOut(node).indexOf(end.port) : -1;
    return row < 0
      ? { x: box.x + box.width / 2, y: box.y + box.height }
      : { x: box.x + box.width, y: box.y + portY(row) };
  }
  const face = node && interfaceOf(node, app().catalog);
  const names =
    end.side === "out"
      ? outputNames(document, end.node)
      : node
        ? inputPorts(node, face).map((port) => port.name)
        : [];
  return {
    x: end.side === "out" ? box.x + box.width : box.x,
    y: box.y + portY(Math.max(0, names.indexOf(end.port))),
  };
}

/** The type that the wire in hand carries or wants. */
export function typeOf(end: PortEnd): string {
  if (isOrderEnd(end)) return "";
  const { document } = docStore.getState();
  const { catalog } = app();
  if (end.side === "out") return outputPort(document, end.node, end.port, catalog)?.type ?? "";
  const node = document.nodes[end.node];
  return (
    (node && inputPorts(node, interfaceOf(node, catalog)).find((port) => port.name === end.port)?.type) ?? ""
  );
}

export const sameWire = (a: Edge, b: Edge): boolean =>
  sourceId(a) === sourceId(b) && a.output === b.output && a.target === b.target && a.input === b.input;
