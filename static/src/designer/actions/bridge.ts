/** A refused join, and the component that would make it fit. */

import { nodeSize, snap } from "../../graph/geometry.ts";
import { mintId, takenIn } from "../../graph/ids.ts";
import type { Bridge } from "../../graph/joins.ts";
import { bridges } from "../../graph/joins.ts";
import { boxOf, placeNear } from "../../graph/placement.ts";
import type { Edge, Op } from "../../graph/types.ts";
import { sourceId } from "../../graph/types.ts";
import { wholeNode } from "../../graph/whole.ts";
import { app, edit } from "../app.ts";
import { componentOf, joins } from "../data/joins.ts";
import { docStore } from "../state/doc.ts";
import type { NoticeAction } from "../state/ui.ts";
import { announce, notify, select } from "../state/ui.ts";
import { focusNode, middle } from "./focus.ts";
import { typeOf } from "./wire.ts";

const OFFERED = 2;

/** Say why a join was refused, and offer what would make it fit. */
export function refuse(wire: Edge, code: string | null, reason: string): void {
  const { editable } = docStore.getState();
  const actions = code === "type_mismatch" && editable ? bridgesFor(wire).map(offer(wire)) : [];
  notify(reason, wire.target, actions);
}

export function bridgesFor(wire: Edge): Bridge[] {
  const from = sourceId(wire);
  const source = {
    component: componentOf(from),
    port: wire.output,
    type: typeOf({ node: from, port: wire.output, side: "out" }),
  };
  const target = {
    component: componentOf(wire.target),
    port: wire.input,
    type: typeOf({ node: wire.target, port: wire.input, side: "in" }),
  };
  const { components } = docStore.getState();
  return bridges(source, target, components, app().catalog, joins()).slice(0, OFFERED);
}

const offer =
  (wire: Edge) =>
  (bridge: Bridge): NoticeAction => ({
    label: `Insert ${bridge.face.title}`,
    icon: bridge.face.icon,
    do: () => insertBridge(wire, bridge),
  });

/** Put a component between two ports and wire both of its sides; one undo step. */
export function insertBridge(wire: Edge, { face, input, output }: Bridge): void {
  const { document } = docStore.getState();
  const { catalog } = app();
  const id = mintId(face.name, takenIn(document));
  const made = wholeNode({ id, kind: "component", component: face.ref, title: face.title });
  const size = nodeSize(made, face);
  const from = boxOf(document, sourceId(wire), catalog);
  const to = boxOf(document, wire.target, catalog);
  const between =
    from && to && to.x - from.x - from.width >= size.width + 64
      ? {
          x: snap((from.x + from.width + to.x - size.width) / 2),
          y: snap((from.y + to.y) / 2),
        }
      : placeNear(document, catalog, size, sourceId(wire), middle());
  const ops: Op[] = [
    { op: "add_node", node: { ...made, ...between } },
    { op: "connect", source: wire.source, output: wire.output, target: id, input },
    { op: "connect", source: id, output, target: wire.target, input: wire.input },
  ];
  if (!edit(ops, `Insert ${face.title}`)) return;
  select([id]);
  announce(`Inserted ${face.title}, with 2 wires.`);
  focusNode(id);
}
