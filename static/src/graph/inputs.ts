/** Changing the pipeline's own inputs along with all that uses them. */

import { wiresOut } from "./adjacency.ts";
import { bindTo, boundInput, usesOf } from "./binding.ts";
import type { Document, InputPort, Op, PipelineInput, Scalar } from "./types.ts";
import { inputNodeId } from "./types.ts";

export function freeInputName(document: Document, wish: string): string {
  const base = wish.replace(/\W+/g, "_").replace(/^(?=\d)/, "_") || "input";
  let name = base;
  for (let number = 2; name in document.inputs; number++) name = `${base}_${number}`;
  return name;
}

/** Give a parameter's value to a new pipeline input, and bind the parameter to it. */
export function promote(
  document: Document,
  node: string,
  port: InputPort,
  value: Scalar | null,
): { name: string; ops: Op[] } {
  const name = freeInputName(document, port.name);
  const input: PipelineInput = {
    type: port.type,
    default: value,
    description: port.description,
    optional: false,
  };
  return {
    name,
    ops: [
      { op: "set_input", name, input },
      { op: "set_params", id: node, params: { [port.name]: bindTo(name) } },
    ],
  };
}

/** The way back: the value that the pipeline input has by default is the parameter's own again, and an input that nothing else uses goes. */
export function demote(document: Document, node: string, port: InputPort): Op[] {
  const name = boundInput(document.nodes[node]?.params[port.name]);
  if (name === null) return [];
  const given = document.inputs[name]?.default ?? null;
  const value = typeof given === "object" ? null : given;
  const others =
    usesOf(document, name).length > 1 || [...wiresOut(document.edges, inputNodeId(name))].length > 0;
  return [
    { op: "set_params", id: node, params: { [port.name]: value === port.default ? null : value } },
    ...(others || !(name in document.inputs) ? [] : [{ op: "set_input" as const, name, input: null }]),
  ];
}

/** Rename an input: its wires and bindings follow. */
export function renameInput(document: Document, from: string, to: string): Op[] {
  const input = document.inputs[from];
  if (!input || from === to) return [];
  const wires = [...wiresOut(document.edges, inputNodeId(from))];
  const ops: Op[] = [
    { op: "set_input", name: to, input },
    { op: "set_input", name: from, input: null },
  ];
  for (const edge of wires) ops.push({ op: "connect", ...edge, output: to });
  for (const [id, name] of usesOf(document, from)) {
    const value = document.nodes[id]?.params[name];
    if (typeof value !== "string") continue;
    const pattern = new RegExp(`(\\$\\{\\{\\s*parent\\.inputs\\.)${from}(\\s*\\}\\})`, "g");
    ops.push({ op: "set_params", id, params: { [name]: value.replace(pattern, `$1${to}$2`) } });
  }
  for (const node of Object.values(document.nodes)) {
    const loop = node.kind === "component" ? node.loop : undefined;
    if (loop?.type !== "parallel_for" || loop.over !== "items" || typeof loop.items !== "string") continue;
    if (boundInput(loop.items) !== from) continue;
    ops.push({ op: "update_node", id: node.id, changes: { loop: { ...loop, items: bindTo(to) } } });
  }
  return ops;
}

/** Whether a value of one literal type may stand where another is wanted. */
export const fitsLiteral = (from: string, to: string): boolean =>
  from === to ||
  (to === "string" && ["integer", "number", "boolean"].includes(from)) ||
  (from === "integer" && to === "number");
