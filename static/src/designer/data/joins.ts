/** What the workspace's pipelines join, as suggestions use it. */

import { splitRef } from "../../graph/ports.ts";
import type { Join } from "../../graph/joins.ts";
import { Joins, NO_JOINS } from "../../graph/joins.ts";
import type { Interface } from "../../graph/types.ts";
import { app } from "../app.ts";
import { docStore } from "../state/doc.ts";
import type { PortEnd } from "../state/ui.ts";
import { judgeTypes } from "../../graph/connection.ts";

let known = NO_JOINS;

export const joins = (): Joins => known;

/** Without them suggestions are in the palette's order. */
export async function loadJoins(): Promise<void> {
  const told = await app().api.get<{ joins: Join[] }>("joins/");
  known = new Joins(told.joins);
}

/** The component of a node, without its version; empty where it is none. */
export function componentOf(node: string): string {
  const found = docStore.getState().document.nodes[node];
  return found?.kind === "component" ? splitRef(found.component).name : "";
}

/** How often a component is joined to a port in the way that fits; `port` is its own port that is joined most. */
export function usage(face: Interface, from: PortEnd, type: string): { times: number; port: string | null } {
  const component = componentOf(from.node);
  const { catalog } = app();
  let best: { times: number; port: string | null } = { times: 0, port: null };
  for (const port of from.side === "out" ? face.inputs : face.outputs) {
    const [output, input] = from.side === "out" ? [type, port.type] : [port.type, type];
    if (component === "" || judgeTypes(output, input, catalog).verdict === "no") continue;
    const times =
      from.side === "out"
        ? known.count(component, from.port, face.name, port.name)
        : known.count(face.name, port.name, component, from.port);
    if (times > best.times) best = { times, port: port.name };
  }
  return best;
}
