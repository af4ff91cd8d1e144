/** What React Flow's gestures with wires mean here. */

import type { Connection, HandleType, OnConnectEnd, OnConnectStart, OnReconnect } from "@xyflow/react";

import type { Edge } from "../../graph/types.ts";
import { edgeKey } from "../../graph/types.ts";
import { connect, disconnect } from "../actions/edit.ts";
import { canvasFlow } from "../actions/focus.ts";
import { dropWire, landing, sameWire, takeWire, wireBetween } from "../actions/wire.ts";
import { docStore } from "../state/doc.ts";
import type { PortEnd } from "../state/ui.ts";
import { portKey, setUi, uiStore } from "../state/ui.ts";
import type { WireEdge } from "./flow.ts";

const sideOf = (type: HandleType | null): "in" | "out" => (type === "target" ? "in" : "out");

function point(event: MouseEvent | TouchEvent): { x: number; y: number } {
  const at = "changedTouches" in event ? event.changedTouches[0] : event;
  return { x: at?.clientX ?? 0, y: at?.clientY ?? 0 };
}

export const onConnectStart: OnConnectStart = (_event, { nodeId, handleId, handleType }) => {
  if (nodeId !== null && handleId !== null && !uiStore.getState().wire) {
    takeWire({ node: nodeId, port: handleId, side: sideOf(handleType) });
  }
};

/** Every end of a new wire goes through here, so that React Flow's own idea of the nearest port does not count. */
export const onConnectEnd: OnConnectEnd = (event) => {
  const { wire } = uiStore.getState();
  const flow = canvasFlow();
  if (!wire || wire.moving || !flow) return;
  const screen = point(event);
  const at = flow.screenToFlowPosition(screen);
  const land = landing(at.x, at.y);
  dropWire();
  const pane = (document.elementFromPoint(screen.x, screen.y)?.closest(".react-flow") ?? null) !== null;
  if (land.end && land.verdict !== "no") {
    const made = wireBetween(wire.from, land.end);
    if (made) connect(made);
  } else if (land.verdict === null && pane && docStore.getState().editable) {
    setUi({ quickAdd: { screen, at, from: wire.from } });
  }
};

/** The far end of `edge` from the end that is held. */
export const onReconnectStart = (_event: unknown, { data }: WireEdge, type: HandleType): void => {
  if (!data) return;
  const { edge } = data;
  // React Flow names the end that stays.
  const from: PortEnd =
    type === "source"
      ? {
          node: edge.source === "$inputs" ? `$inputs.${edge.output}` : edge.source,
          port: edge.output,
          side: "out",
        }
      : { node: edge.target, port: edge.input, side: "in" };
  takeWire(from, edge);
};

export const onReconnect: OnReconnect<WireEdge> = () => undefined;

export const onReconnectEnd = (event: MouseEvent | TouchEvent): void => {
  const { wire } = uiStore.getState();
  const flow = canvasFlow();
  if (!wire?.moving || !flow) return dropWire();
  const old = wire.moving;
  const at = flow.screenToFlowPosition(point(event));
  const land = landing(at.x, at.y);
  dropWire();
  if (land.end && land.verdict !== "no") {
    const made = wireBetween(wire.from, land.end);
    if (made && !sameWire(made, old)) connect(made, old);
  } else if (land.verdict === null && stillThere(old)) {
    disconnect([old]);
  }
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
