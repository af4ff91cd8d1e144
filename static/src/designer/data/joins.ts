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
  known = new Joins(told.joins, categoryOf);
}

const categoryOf = (component: string): string =>
  docStore.getState().components.find((face) => face.name === component)?.category ?? "";

/** The component of a node, without its version; empty where it is none. */
export function componentOf(node: string): string {
  const found = docStore.getState().document.nodes[node];
  return found?.kind === "component" ? splitRef(found.component).name : "";
}

export interface Usage {
  /** How often the component is joined to the port in the way that fits. */
  readonly times: number;
  /** Its own port that is joined so most. */
  readonly port: string | null;
  /** How often it is joined so to components of the same category. */
  readonly alike: number;
}

export function usage(face: Interface, from: PortEnd, type: string): Usage {
  const component = componentOf(from.node);
  const { catalog } = app();
  const category = categoryOf(component);
  let best: Usage = { times: 0, port: null, alike: 0 };
  for (const port of from.side === "out" ? face.inputs : face.outputs) {
    const [output, input] = from.side === "out" ? [type, port.type] : [port.type, type];
    if (component === "" || judgeTypes(output, input, catalog).verdict === "no") continue;
    const times =
      from.side === "out"
        ? known.count(component, from.port, face.name, port.name)
        : known.count(face.name, port.name, component, from.port);
    const alike = Math.max(best.alike, known.withCategory(from.side, category, face.name, port.name));
    best = times > best.times ? { times, port: port.name, alike } : { ...best, alike };
  }
  return best;
}
