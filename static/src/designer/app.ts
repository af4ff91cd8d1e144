/** The one designer on the page: what its parts share besides the stores. */

import type { Catalog, Interface, Op } from "../graph/types.ts";
import type { Api } from "../lib/api.ts";
import type { OpenRunSocket } from "../run/runSocket.ts";
import type { Bootstrap } from "./bootstrap.ts";
import type { Session } from "./protocol/session.ts";
import { docStore } from "./state/doc.ts";
import { notify, setUi, uiStore } from "./state/ui.ts";

export interface App {
  readonly boot: Bootstrap;
  readonly api: Api;
  readonly catalog: Catalog & {
    readonly components: Map<string, Interface>;
    readonly assets: Map<string, string>;
  };
  /** None where a finished graph is only looked at. */
  session: Session | null;
  runSocket: OpenRunSocket | null;
}

let current: App | null = null;

export function setApp(next: App): void {
  current = next;
}

export function app(): App {
  if (!current) throw new Error("The designer has not started.");
  return current;
}

/** The node or wire that a batch is about. */
export function subjectOf(ops: readonly Op[]): string | null {
  for (const op of ops) {
    if (op.op === "connect" || op.op === "disconnect") return op.target;
    if (op.op === "set_params" || op.op === "update_node" || op.op === "remove_node") return op.id;
  }
  return null;
}

/** Do it, or show why not. `label` names the edit in undo: "Move 2 nodes". */
export function edit(ops: readonly Op[], label: string, merge: string | null = null): boolean {
  const { session } = app();
  if (!session || !docStore.getState().editable) {
    notify("Nothing can be changed here right now.", subjectOf(ops));
    return false;
  }
  const refusal = session.edit(ops, label, merge);
  if (refusal) notify(refusal.message, subjectOf(ops));
  else if (uiStore.getState().notice) setUi({ notice: null });
  return refusal === null;
}
