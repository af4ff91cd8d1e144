/** Disabling and bypassing what is selected. */

import type { Mode, Op } from "../../graph/types.ts";
import { plural } from "../../lib/format.ts";
import { edit } from "../app.ts";
import { docStore } from "../state/doc.ts";
import { announce, uiStore } from "../state/ui.ts";
import { titleOf } from "./edit.ts";

const WORDS: Readonly<Record<Mode, readonly [string, string]>> = {
  disabled: ["Disable", "Enable"],
  bypassed: ["Bypass", "Stop bypassing"],
};

/** The components among the selection, or the one node where it is not selected. */
function components(id: string): string[] {
  const { document } = docStore.getState();
  const { selection } = uiStore.getState();
  const ids = selection.has(id) ? [...selection] : [id];
  return ids.filter((each) => document.nodes[each]?.kind === "component");
}

export const modeOf = (id: string): Mode | null => {
  const node = docStore.getState().document.nodes[id];
  return (node?.kind === "component" && node.mode) || null;
};

/** "Disable", or "Enable" where all that it would be done to are disabled already. */
export function modeWord(id: string, mode: Mode): string {
  const ids = components(id);
  return WORDS[mode][ids.length > 0 && ids.every((each) => modeOf(each) === mode) ? 1 : 0];
}

export function toggleMode(id: string, mode: Mode): void {
  const ids = components(id);
  const word = modeWord(id, mode);
  const next = word === WORDS[mode][0] ? mode : null;
  const ops = ids
    .filter((each) => modeOf(each) !== next)
    .map((each): Op => ({ op: "update_node", id: each, changes: { mode: next } }));
  const label = `${word} ${ops.length === 1 ? titleOf(ids[0]!) : plural(ops.length, "node")}`;
  if (edit(ops, label)) announce(`${label}.`);
}
