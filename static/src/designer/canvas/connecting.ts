/** What React Flow's gestures with wires mean here. */

import type { Connection, HandleType, OnConnectEnd, OnConnectStart, OnReconnect } from "@xyflow/react";

import type { Edge } from "../../graph/types.ts";
import { judge } from "../../graph/connection.ts";
import { edgeKey, sourceId } from "../../graph/types.ts";
import { refuse } from "../actions/bridge.ts";
import { connect, disconnect } from "../actions/edit.ts";
import { canvasFlow, placeAt } from "../actions/focus.ts";
import { connectOrder, isOrderEnd, orderBetween } from "../actions/order.ts";
import { dropWire, judgedDocument, landing, sameWire, takeWire, wireBetween } from "../actions/wire.ts";
import { app } from "../app.ts";
import { onRelease } from "../quickadd/releaseMenu.ts";
import { docStore } from "../state/doc.ts";
import type { PortEnd } from "../state/ui.ts";
import { portKey, uiStore } from "../state/ui.ts";
import type { WireEdge } from "./flow.ts";

const sideOf = (type: HandleType | null): "in" | "out" => (type === "target" ? "in" : "out");

function point(event: MouseEvent | TouchEvent): { x: number; y: number } {
  const at = "changedTouches" in event ? event.changedTouches[0] : event;
  return { x: at?.clientX ?? 0, y: at?.clientY ?? 0 };
}

/** The end of a wire that stays when the other is taken. */
const sourceEnd = (edge: Edge): PortEnd => ({ node: sourceId(edge), port: edge.output, side: "out" });

export const onConnectStart: OnConnectStart = (_event, { nodeId, handleId, handleType }) => {
  if (nodeId === null || handleId === null || uiStore.getState().wire) return;
  const end: PortEnd = { node: nodeId, port: handleId, side: sideOf(handleType) };
  // An input has one wire: pulling at a wired one takes that wire along.
  const wired = end.side === "in" ? docStore.getState().document.edges[edgeKey(nodeId, handleId)] : undefined;
  if (wired) takeWire(sourceEnd(wired), wired);
  else takeWire(end);
};

/** Every end of a wire goes through here, so that React Flow's own idea of the nearest port does not count. */
export const onConnectEnd: OnConnectEnd = (event) => {
  const { wire } = uiStore.getState();
  const flow = canvasFlow();
  dropWire();
  if (!wire || !flow) return;
  const screen = point(event);
  const at = flow.screenToFlowPosition(screen, { snapToGrid: false });
  const land = landing(at.x, at.y, wire);
  const old = wire.moving;
  if (land.end && land.verdict !== "no") {
    if (isOrderEnd(wire.from)) {
      const order = orderBetween(wire.from, land.end);
      if (order) connectOrder(order);
      return;
    }
    const made = wireBetween(wire.from, land.end);
    if (made && !(old && sameWire(made, old))) connect(made, old);
  } else if (land.verdict === "no" && land.end && !isOrderEnd(wire.from)) {
    const meant = wireBetween(wire.from, land.end);
    const judged = meant && judge(judgedDocument(old), app().catalog, meant);
    if (meant && judged?.verdict === "no") refuse(meant, judged.code, judged.reason);
  } else if (land.verdict === null && old) {
    if (stillThere(old)) disconnect([old]);
  } else if (land.verdict === null && docStore.getState().editable && overCanvas(screen)) {
    onRelease({ screen, at: placeAt(screen), from: wire.from });
  }
};

const overCanvas = ({ x, y }: { x: number; y: number }): boolean =>
  (document.elementFromPoint(x, y)?.closest(".react-flow") ?? null) !== null;

export const onReconnectStart = (_event: unknown, flowEdge: WireEdge, type: HandleType): void => {
  if (flowEdge.type !== "wire" || !flowEdge.data) return;
  const { edge } = flowEdge.data;
  // React Flow names the end that stays.
  takeWire(type === "source" ? sourceEnd(edge) : { node: edge.target, port: edge.input, side: "in" }, edge);
};

export const onReconnect: OnReconnect<WireEdge> = () => undefined;

/** React Flow ends a moved wire both ways; whichever comes first is the end of it. */
export const onReconnectEnd = (event: MouseEvent | TouchEvent): void => {
  if (uiStore.getState().wire) (onConnectEnd as (event: MouseEvent | TouchEvent) => void)(event);
};

const stillThere = (edge: Edge): boolean =>
  edgeKey(edge.target, edge.input) in docStore.getState().document.edges;

export function isValidConnection(connection: Connection | WireEdge): boolean {
  const { wire } = uiStore.getState();
  if (!wire) return false;
  const end: PortEnd =
    wire.from.side === "out"
      ? { node: connection.target, port: connection.targetHandle ?? "", side: "in" }
      : { node: connection.source, port: connection.sourceHandle ?? "", side: "out" };
  const verdict = wire.verdicts.get(portKey(end));
  return verdict === "yes" || verdict === "warn";
}
