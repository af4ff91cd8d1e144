import type { OrderEdge } from "../../graph/types.ts";
import { connectOrder, disconnectOrder } from "../actions/order.ts";
import { titleOf } from "../actions/edit.ts";
import { CONDITIONS, conditionsOf } from "../canvas/conditions.ts";
import { docStore } from "../state/doc.ts";
import type { MenuItem } from "./menuStore.ts";
import { openMenu } from "./menuStore.ts";

/** What an order edge may ask for, and the end of it. */
export function openOrderMenu(edge: OrderEdge, at: { x: number; y: number }): void {
  const { document, editable } = docStore.getState();
  if (!editable) return;
  const items: (MenuItem | "-")[] = conditionsOf(document.nodes[edge.source]).map((condition) => ({
    label: CONDITIONS[condition].word,
    icon: CONDITIONS[condition].icon,
    note: CONDITIONS[condition].help,
    checked: condition === edge.condition,
    do: () => connectOrder({ ...edge, condition }),
  }));
  items.push("-", { label: "Remove", icon: "trash-2", danger: true, do: () => disconnectOrder([edge]) });
  openMenu(items, at, `${titleOf(edge.target)} runs after ${titleOf(edge.source)}`);
}
