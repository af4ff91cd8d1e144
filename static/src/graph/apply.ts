/** One batch of operations on a document: all or none. `designer/graph/apply.py` says the same; both run `tests/fixtures/ops`. */

import { wiresOut } from "./adjacency.ts";
import {
  addNote,
  addSection,
  inSection,
  join,
  removeNote,
  removeSection,
  updateNote,
  updateSection,
} from "./annotating.ts";
import { judge, judgeOrder, judgeTypes, judgeWire, quoted } from "./connection.ts";
import { Draft } from "./draft.ts";
import { near } from "./near.ts";
import { addNode, move, removeNode, setParams, updateNode } from "./nodes.ts";
import { checkKeys, nodeOf, toConnect, toConnectOrder } from "./pieces.ts";
import { inputPort, interfaceOf, outputPorts } from "./ports.ts";
import { Refusal } from "./refusal.ts";
import type { Catalog, Document, Edge, Op, OrderEdge, PipelineChanges } from "./types.ts";
import { edgeKey, inputNodeId, orderKey } from "./types.ts";
import { INPUT_NAME, filled, wholeInput, wholeOutput } from "./whole.ts";

export interface Applied {
  readonly document: Document;
  readonly inverse: readonly Op[];
}

/** Apply one operation or a batch. Throws Refusal, with the document as it was. */
export function apply(document: Document, ops: Op | readonly Op[], catalog: Catalog): Applied {
  const draft = new Draft(document);
  const inverse: Op[][] = [];
  for (const op of Array.isArray(ops) ? (ops as readonly Op[]) : [ops as Op])
    inverse.unshift(step(draft, op, catalog));
  return { document: draft.document, inverse: inverse.flat() };
}

function step(draft: Draft, op: Op, catalog: Catalog): Op[] {
  switch (op.op) {
    case "add_node":
      return addNode(draft, op.node, catalog);
    case "remove_node":
      return removeNode(draft, op.id);
    case "move":
      return move(draft, op.positions);
    case "set_params":
      return setParams(draft, op, catalog);
    case "update_node":
      return updateNode(draft, op.id, op.changes, catalog);
    case "connect":
      return connect(draft, op, catalog);
    case "disconnect":
      return disconnect(draft, op.target, op.input);
    case "connect_order":
      return connectOrder(draft, op);
    case "disconnect_order":
      return disconnectOrder(draft, op.source, op.target);
    case "set_input":
      return setInput(draft, op.name, op.input, catalog);
    case "set_output":
      return setOutput(draft, op.name, op.output, catalog);
    case "add_note":
      return addNote(draft, op.note);
    case "remove_note":
      return removeNote(draft, op.id);
    case "update_note":
      return updateNote(draft, op.id, op.changes);
    case "add_section":
      return addSection(draft, op.section);
    case "remove_section":
      return removeSection(draft, op.id);
    case "update_section":
      return updateSection(draft, op.id, op.changes);
    case "join":
      return join(draft, op.section, op.members);
    case "update_pipeline":
      return updatePipeline(draft, op.changes);
    default:
      throw new Refusal("unknown_op", "There is no such operation.");
  }
}

function connect(draft: Draft, op: Extract<Op, { op: "connect" }>, catalog: Catalog): Op[] {
  const ends: Edge = { source: op.source, output: op.output, target: op.target, input: op.input };
  const edge: Edge = op.anyway ? { ...ends, anyway: true } : ends;
  const judged = judge(draft.document, catalog, edge);
  if (judged.code !== null) throw new Refusal(judged.code, judged.reason);
  draft.setEdge(edge);
  return [{ op: "disconnect", target: edge.target, input: edge.input }];
}

function disconnect(draft: Draft, target: string, input: string): Op[] {
  const edge = draft.document.edges[edgeKey(target, input)];
  if (!edge) throw new Refusal("not_connected", `Nothing is wired to \`${input}\` of \`${target}\`.`);
  draft.deleteEdge(edge);
  return [toConnect(edge)];
}

const CONDITIONS = ["succeeded", "failed", "completed", "skipped", "true", "false"];

function connectOrder(draft: Draft, op: Extract<Op, { op: "connect_order" }>): Op[] {
  const given: Partial<OrderEdge> = op;
  const edge: OrderEdge = {
    source: op.source,
    target: op.target,
    condition: given.condition ?? "succeeded",
  };
  if (!CONDITIONS.includes(edge.condition))
    throw new Refusal("malformed", `\`${edge.condition}\` is no condition.`);
  const judged = judgeOrder(draft.document, edge);
  if (judged.code !== null) throw new Refusal(judged.code, judged.reason);
  const before = draft.document.order[orderKey(edge.target, edge.source)];
  draft.setOrder(edge);
  return [
    before ? toConnectOrder(before) : { op: "disconnect_order", source: edge.source, target: edge.target },
  ];
}

function disconnectOrder(draft: Draft, source: string, target: string): Op[] {
  const edge = draft.document.order[orderKey(target, source)];
  if (!edge) throw new Refusal("not_connected", `No order edge leads from \`${source}\` to \`${target}\`.`);
  draft.deleteOrder(edge);
  return [toConnectOrder(edge)];
}

function setInput(
  draft: Draft,
  name: string,
  given: Extract<Op, { op: "set_input" }>["input"],
  catalog: Catalog,
): Op[] {
  const before = draft.document.inputs[name];
  const wires = [...wiresOut(draft.document.edges, inputNodeId(name))];
  if (!given) {
    if (!before) throw new Refusal("unknown_input", `There is no pipeline input \`${name}\`.`);
    for (const edge of wires) draft.deleteEdge(edge);
    draft.setInput(name, null);
    return [{ op: "set_input", name, input: before }, ...wires.map(toConnect)];
  }
  if (!INPUT_NAME.test(name)) {
    throw new Refusal("malformed", `\`${name}\` is no name for an input: use letters, digits and _.`);
  }
  if (draft.document.outputs[name])
    throw new Refusal("duplicate_id", `There is a pipeline output \`${name}\`: give the input another name.`);
  draft.setInput(name, inSection(draft, wholeInput(given)));
  for (const edge of wires) {
    const target = draft.document.nodes[edge.target];
    const port = target && inputPort(target, edge.input, catalog);
    const judged = port && judgeWire(edge, given.type, port.type, catalog);
    if (judged?.verdict === "no") throw new Refusal("type_mismatch", judged.reason);
  }
  return [{ op: "set_input", name, input: before ?? null }];
}

function setOutput(
  draft: Draft,
  name: string,
  given: Extract<Op, { op: "set_output" }>["output"],
  catalog: Catalog,
): Op[] {
  const before = draft.document.outputs[name];
  if (!given) {
    if (!before) throw new Refusal("unknown_port", `There is no pipeline output \`${name}\`.`);
    draft.setOutput(name, null);
    return [{ op: "set_output", name, output: before }];
  }
  if (!INPUT_NAME.test(name))
    throw new Refusal("malformed", `\`${name}\` is no name for an output: use letters, digits and _.`);
  if (draft.document.inputs[name])
    throw new Refusal("duplicate_id", `There is a pipeline input \`${name}\`: give the output another name.`);
  const node = nodeOf(draft, given.source);
  if (node.kind === "data")
    throw new Refusal("unknown_port", `A pipeline gives what its steps make, and ${quoted(node)} is data.`);
  const ports = outputPorts(node, interfaceOf(node, catalog));
  const port = ports.find((each) => each.name === given.output);
  if (!port) {
    const known = ports.map((each) => each.name);
    throw new Refusal(
      "unknown_port",
      `${quoted(node)} has no output \`${given.output}\`${near(given.output, known)}`,
    );
  }
  const judged = judgeTypes(port.type, given.type, catalog);
  if (judged.code !== null) throw new Refusal(judged.code, judged.reason);
  draft.setOutput(name, wholeOutput(given));
  return [{ op: "set_output", name, output: before ?? null }];
}

function updatePipeline(draft: Draft, changes: PipelineChanges): Op[] {
  checkKeys(changes, ["name", "description", "settings", "kept"]);
  const before = Object.keys(changes).map((key) => [key, draft.document[key as keyof Document] ?? {}]);
  Object.assign(draft.document, changes, changes.settings ? { settings: filled(changes.settings) } : {});
  if (changes.kept && Object.keys(changes.kept).length === 0)
    delete (draft.document as { kept?: unknown }).kept;
  return [{ op: "update_pipeline", changes: Object.fromEntries(before) as PipelineChanges }];
}
