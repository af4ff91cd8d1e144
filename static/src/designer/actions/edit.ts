/** Edits of what is there: each is one undo step. */

import { apply } from "../../graph/apply.ts";
import { nameOf } from "../../graph/connection.ts";
import { GRID, snap } from "../../graph/geometry.ts";
import { removal } from "../../graph/insertion.ts";
import { boxOf } from "../../graph/placement.ts";
import type { Edge, NodeChanges, Op, Scalar } from "../../graph/types.ts";
import { inputNameOf, noteIdOf, sectionIdOf } from "../../graph/types.ts";
import { plural } from "../../lib/format.ts";
import { app, edit } from "../app.ts";
import { changeSection, emptied } from "../sections/actions.ts";
import { shifted } from "../sections/dragging.ts";
import { docStore } from "../state/doc.ts";
import { problemStore } from "../state/problems.ts";
import { announce, select, uiStore } from "../state/ui.ts";

export const titleOf = (id: string): string => nameOf(docStore.getState().document, id);

/** "2 problems left", for the ends of sentences that are said. */
export const problemsLeft = (): string => {
  const { total } = problemStore.getState();
  return total === 0 ? "No problems." : `${plural(total, "problem")} left.`;
};

export function renameNode(id: string, title: string): void {
  if (sectionIdOf(id) !== null) return void changeSection(id, { title });
  edit([{ op: "update_node", id, changes: { title } }], `Rename ${titleOf(id)}`);
}

export function changeNode(id: string, changes: NodeChanges, what: string): boolean {
  return edit([{ op: "update_node", id, changes }], `${what} of ${titleOf(id)}`);
}

/** Set a parameter, or unset it with null, which means the component's default. */
export function setParam(id: string, name: string, value: Scalar | null, merge = false): boolean {
  const now = docStore.getState().document.nodes[id]?.params[name] ?? null;
  if (now === value) return true;
  const label = `Set ${name} of ${titleOf(id)}`;
  return edit(
    [{ op: "set_params", id, params: { [name]: value } }],
    label,
    merge ? `param ${id} ${name}` : null,
  );
}

export function connect(wire: Edge, replace: Edge | null = null): boolean {
  const ops: Op[] = [];
  if (replace) ops.push({ op: "disconnect", target: replace.target, input: replace.input });
  ops.push({ op: "connect", ...wire });
  const from = wire.source === "$inputs" ? wire.output : `${titleOf(wire.source)} › ${wire.output}`;
  const sentence = `${from} to ${titleOf(wire.target)} › ${wire.input}`;
  if (!edit(ops, `Connect ${sentence}`)) return false;
  // The server's word on what is left comes with the echo.
  setTimeout(() => announce(`Connected ${sentence}. ${problemsLeft()}`), 150);
  return true;
}

export function disconnect(edges: readonly Edge[]): void {
  const ops = edges.map((edge): Op => ({ op: "disconnect", target: edge.target, input: edge.input }));
  const label =
    edges.length === 1 ? `Disconnect ${titleOf(edges[0]!.target)} › ${edges[0]!.input}` : "Disconnect wires";
  if (edit(ops, label)) announce(`${label.replace("Disconnect", "Disconnected")}.`);
}

/** Remove what is selected: wires, nodes, pipeline inputs. With `heal`, what fed a node feeds what it fed. */
export function removeSelected(heal = false): void {
  const { document } = docStore.getState();
  const { selection, edges } = uiStore.getState();
  const nodes = [...selection].filter((id) => id in document.nodes);
  const inputs = [...selection]
    .flatMap((id) => inputNameOf(id) ?? [])
    .filter((name) => name in document.inputs);
  const doomed = new Set(nodes);
  const wires = [...edges].flatMap((key) => document.edges[key] ?? []);
  const ops: Op[] = wires
    .filter((edge) => !doomed.has(edge.source) && !doomed.has(edge.target))
    .map((edge) => ({ op: "disconnect", target: edge.target, input: edge.input }));
  const orders = [...edges].flatMap((key) => document.order[key] ?? []);
  for (const { source, target } of orders)
    if (!doomed.has(source) && !doomed.has(target)) ops.push({ op: "disconnect_order", source, target });
  const after = apply(document, ops, app().catalog).document;
  ops.push(...removal(after, app().catalog, nodes, heal));
  for (const name of inputs) ops.push({ op: "set_input", name, input: null });
  const notes = [...selection].flatMap((id) => noteIdOf(id) ?? []).filter((id) => document.notes?.[id]);
  for (const id of notes) ops.push({ op: "remove_note", id });
  const sections = [...selection].flatMap((id) => sectionIdOf(id) ?? []);
  const left = emptied(document, selection).filter((op) => !("id" in op && sections.includes(op.id)));
  ops.push(...left, ...sections.map((id): Op => ({ op: "remove_section", id })));
  if (ops.length === 0) return;
  const count = nodes.length + inputs.length + notes.length + sections.length;
  const what =
    count === 1
      ? titleOf([...selection][0]!)
      : count > 0
        ? plural(count, "node")
        : plural(wires.length + orders.length, "wire");
  if (!edit(ops, `Delete ${what}`)) return;
  select([]);
  announce(`Deleted ${what}.`);
}

/** Move by whole grid steps; steps in quick succession are one undo step. */
export function nudge(ids: Iterable<string>, dx: number, dy: number): void {
  const { document } = docStore.getState();
  const positions: Record<string, [number, number]> = {};
  for (const id of ids) {
    if (sectionIdOf(id) !== null) {
      Object.assign(positions, shifted(id, dx * GRID, dy * GRID));
      continue;
    }
    const box = boxOf(document, id, app().catalog);
    if (box) positions[id] = [snap(box.x) + dx * GRID, snap(box.y) + dy * GRID];
  }
  const moved = Object.keys(positions);
  if (moved.length > 0) edit([{ op: "move", positions }], `Move ${names(moved)}`, `nudge ${moved.join()}`);
}

export function moveTo(positions: Record<string, [number, number]>, label?: string): boolean {
  return edit([{ op: "move", positions }], label ?? `Move ${names(Object.keys(positions))}`);
}

const names = (ids: readonly string[]): string =>
  ids.length === 1 ? titleOf(ids[0]!) : plural(ids.length, "node");
