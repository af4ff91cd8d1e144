/** A selection as one pipeline component, and back. The server does both, as one batch. */

import { memberOf, membersOf } from "../../graph/annotating.ts";
import { uuid } from "../../graph/ids.ts";
import type { Op } from "../../graph/types.ts";
import { sectionIdOf } from "../../graph/types.ts";
import { ApiError } from "../../lib/api.ts";
import { plural } from "../../lib/format.ts";
import { app } from "../app.ts";
import { docStore } from "../state/doc.ts";
import { announce, notify, select, setUi, uiStore } from "../state/ui.ts";
import { loadComponents } from "./components.ts";
import { titleOf } from "./edit.ts";

/** The nodes that are selected, those in selected groups too. */
export function collapsible(): string[] {
  const { document } = docStore.getState();
  const ids = [...uiStore.getState().selection].flatMap((id) => {
    const section = sectionIdOf(id);
    return section === null ? [id] : membersOf(document, section);
  });
  return [...new Set(ids)].filter((id) => id in document.nodes);
}

/** The title of the group that the selection is, or after its first step. */
export function proposedTitle(): string {
  const { document } = docStore.getState();
  const nodes = collapsible();
  const sections = new Set(nodes.map((id) => memberOf(document, id)?.section));
  const [section] = [...sections];
  if (sections.size === 1 && section) return document.sections?.[section]?.title ?? "";
  const [first] = nodes;
  return first === undefined ? "" : `${titleOf(first)} ${nodes.length > 1 ? "and more" : "step"}`;
}

/** Make it; gives what is wrong, or "". */
export async function collapseInto(nodes: readonly string[], name: string, title: string): Promise<string> {
  const fault = await ask("collapse", { nodes, name, title }, `Make the component ${title}`);
  if (fault) return fault;
  void loadComponents();
  setUi({ dialog: null });
  announce(`${plural(nodes.length, "node")} are the component ${title} now.`);
  return "";
}

/** Lay out what is in a pipeline component in its place. */
export async function expandInPlace(node: string): Promise<void> {
  const title = titleOf(node);
  const fault = await ask("expand", { node }, `Expand ${title}`);
  if (fault) notify(fault, node);
  else announce(`${title} is laid out as what was in it.`);
}

async function ask(what: "collapse" | "expand", body: object, label: string): Promise<string> {
  const { api, boot, session } = app();
  if (!session || !docStore.getState().editable) return "Nothing can be changed here right now.";
  const op_id = uuid();
  session.expect(op_id, label);
  try {
    await session.flush();
    const done = await api.post<{ ops: Op[] }>(`pipelines/${boot.pipeline!.id}/${what}/`, { ...body, op_id });
    select(done.ops.flatMap((op) => (op.op === "add_node" ? [op.node.id] : [])));
    return "";
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.message;
  }
}
