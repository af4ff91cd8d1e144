/** Changing what a node is wired to, without drawing: swap two inputs, put it into a wire, take its wires off. */

import { wiresIn, wiresOut } from "../../graph/adjacency.ts";
import { wiresInto } from "../../graph/insertion.ts";
import type { Swap } from "../../graph/swap.ts";
import { swapsOf } from "../../graph/swap.ts";
import type { Edge } from "../../graph/types.ts";
import { sourceId } from "../../graph/types.ts";
import { app, edit } from "../app.ts";
import { choose } from "../picklist/chooser.ts";
import { besideNode } from "../picklist/PickList.tsx";
import { docStore } from "../state/doc.ts";
import { announce, notify } from "../state/ui.ts";
import { disconnect, titleOf } from "./edit.ts";
import { insertNode } from "./insert.ts";

/** Exchange what feeds two inputs; with more than one pair, ask which. */
export function swapInputs(id: string): void {
  const swaps = swapsOf(docStore.getState().document, app().catalog, id);
  const take = ({ labels: [a, b], ops }: Swap) => {
    if (edit(ops, `Swap ${a} and ${b} of ${titleOf(id)}`))
      announce(`Swapped ${a} and ${b} of ${titleOf(id)}.`);
  };
  if (swaps.length === 0)
    return notify("Nothing to swap: no two inputs of this node could have each other's wires.", id);
  if (swaps.length === 1) return take(swaps[0]!);
  choose({
    label: `Swap which inputs of ${titleOf(id)}`,
    icon: "arrow-down-up",
    at: besideNode(id),
    none: "No inputs by that name.",
    choices: swaps.map((swap) => ({
      key: swap.labels.join(" "),
      title: swap.labels.join(" ↔ "),
      do: () => take(swap),
    })),
  });
}

/** Choose a wire for a node to be put into. */
export function askForWire(id: string): void {
  const { document } = docStore.getState();
  const node = document.nodes[id];
  if (!node) return;
  const fitting = Object.values(document.edges).filter(
    (edge) => edge.target !== id && edge.source !== id && wiresInto(document, app().catalog, edge, node),
  );
  choose({
    label: `Put ${node.title} into which wire`,
    icon: "spline",
    at: besideNode(id),
    none: "No wire carries what this node takes, or wants what it gives.",
    choices: fitting.map((edge) => ({
      key: `${edge.target} ${edge.input}`,
      title: wireWords(edge),
      do: () => void insertNode(edge, id),
    })),
  });
}

const wireWords = (edge: Edge): string =>
  `${titleOf(sourceId(edge))} › ${edge.output} → ${titleOf(edge.target)} › ${edge.input}`;

export function disconnectAll(id: string): void {
  const { edges } = docStore.getState().document;
  const wires = [...wiresIn(edges, id), ...wiresOut(edges, id)];
  if (wires.length > 0) disconnect(wires);
}
