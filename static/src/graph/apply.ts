/** One batch of operations on a document: all or none. `designer/graph/apply.py` says the same; both run `tests/fixtures/ops`. */

import { wiresIn, wiresOut } from "./adjacency.ts";
import { gone, judge, judgeTypes } from "./connection.ts";
import { Draft } from "./draft.ts";
import { near } from "./near.ts";
import { fields, inputPort, interfaceOf } from "./ports.ts";
import { Refusal } from "./refusal.ts";
import type {
  Catalog,
  Document,
  Edge,
  GraphNode,
  NodeChanges,
  Op,
  PipelineChanges,
  Scalar,
} from "./types.ts";
import { edgeKey, inputNameOf, inputNodeId } from "./types.ts";
import { INPUT_NAME, NODE_ID, filled, wholeInput, wholeNode } from "./whole.ts";

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
    case "set_input":
      return setInput(draft, op.name, op.input, catalog);
    case "update_pipeline":
      return updatePipeline(draft, op.changes);
    default:
      throw new Refusal("unknown_op", "There is no such operation.");
  }
}

function nodeOf(draft: Draft, id: string): GraphNode {
  const node = draft.document.nodes[id];
  if (!node) throw new Refusal("unknown_node", gone(id));
  return node;
}

function addNode(draft: Draft, given: GraphNode, catalog: Catalog): Op[] {
  if (!NODE_ID.test(given.id))
    throw new Refusal("malformed", `The operation cannot be read: \`${given.id}\` is no id.`);
  if (draft.document.nodes[given.id]) {
    throw new Refusal("duplicate_id", `There is a node \`${given.id}\` already.`);
  }
  let node = wholeNode(given);
  if (node.kind === "data") {
    node = { ...node, type: assetType(node.asset, catalog) ?? node.type };
  } else if (node.kind === "component") {
    if (!catalog.components.has(node.component)) {
      throw new Refusal(
        "unknown_component",
        `There is no component \`${node.component}\` in this workspace.`,
      );
    }
    checkParameters(node, [...Object.keys(node.params), ...node.exposed], catalog);
  }
  draft.setNode(node);
  return [{ op: "remove_node", id: node.id }];
}

function assetType(ref: string, catalog: Catalog): string | undefined {
  const type = catalog.assets.get(ref);
  if (type === undefined && catalog.strictAssets) {
    throw new Refusal("unknown_asset", `There is no data asset \`${ref}\` in this workspace.`);
  }
  return type;
}

function checkParameters(node: GraphNode, names: readonly string[], catalog: Catalog): void {
  const face = interfaceOf(node, catalog);
  const known = face ? fields(face).map((port) => port.name) : [];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const message = `“${node.title || node.id}” has no parameter \`${unknown}\`${near(unknown, known)}`;
  throw new Refusal("unknown_parameter", message);
}

function removeNode(draft: Draft, id: string): Op[] {
  const node = nodeOf(draft, id);
  const { edges } = draft.document;
  const wires = [...wiresIn(edges, id), ...wiresOut(edges, id)];
  for (const edge of wires) draft.deleteEdge(edge);
  draft.deleteNode(id);
  return [{ op: "add_node", node }, ...wires.map(toConnect)];
}

const toConnect = (edge: Edge): Op => ({ op: "connect", ...edge });

function move(draft: Draft, positions: Extract<Op, { op: "move" }>["positions"]): Op[] {
  const before: Record<string, [number, number]> = {};
  for (const [id, [x, y]] of Object.entries(positions)) {
    const name = inputNameOf(id);
    if (name !== null) {
      const input = draft.document.inputs[name];
      if (!input) continue;
      before[id] = [input.x ?? 0, input.y ?? 0];
      draft.setInput(name, { ...input, x, y });
      continue;
    }
    const node = draft.document.nodes[id];
    if (!node) continue;
    before[id] = [node.x, node.y];
    draft.setNode({ ...node, x, y });
  }
  return [{ op: "move", positions: before }];
}

function setParams(draft: Draft, op: Extract<Op, { op: "set_params" }>, catalog: Catalog): Op[] {
  const node = nodeOf(draft, op.id);
  checkParameters(node, Object.keys(op.params), catalog);
  const params = { ...node.params };
  const before: Record<string, Scalar | null> = {};
  for (const [name, value] of Object.entries(op.params)) {
    before[name] = params[name] ?? null;
    if (value !== null) params[name] = value;
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- params are a table by name
    else delete params[name];
  }
  draft.setNode({ ...node, params });
  return [{ op: "set_params", id: op.id, params: before }];
}

const CHANGEABLE = ["title", "comment", "exposed", "settings", "asset"];

function updateNode(draft: Draft, id: string, changes: NodeChanges, catalog: Catalog): Op[] {
  const node = nodeOf(draft, id);
  checkKeys(changes, CHANGEABLE);
  if (changes.exposed) {
    checkParameters(node, changes.exposed, catalog);
    const hidden = node.exposed.filter((name) => !changes.exposed!.includes(name));
    const wired = hidden.find((name) => draft.document.edges[edgeKey(id, name)]);
    if (wired !== undefined) {
      throw new Refusal("occupied", `\`${wired}\` is wired; remove the wire before hiding the port.`);
    }
  }
  if (changes.asset !== undefined) {
    if (node.kind !== "data") throw new Refusal("malformed", "Only a data node has an asset.");
    const type = assetType(changes.asset, catalog);
    if (type !== undefined && type !== node.type) {
      const word = (name: string) => catalog.labels[name] ?? name;
      throw new Refusal(
        "type_mismatch",
        `This node holds a ${word(node.type)}, but the asset is a ${word(type)}.`,
      );
    }
  }
  const given = changes.settings ? { ...changes, settings: filled(changes.settings) } : changes;
  draft.setNode({ ...node, ...given } as GraphNode);
  const before = Object.keys(changes).map((key) => [key, node[key as keyof GraphNode]]);
  return [{ op: "update_node", id, changes: Object.fromEntries(before) as NodeChanges }];
}

function checkKeys(changes: object, known: readonly string[]): void {
  const other = Object.keys(changes).find((key) => !known.includes(key));
  if (other !== undefined) {
    throw new Refusal(
      "malformed",
      `The operation cannot be read: changes.${other}: Extra inputs are not permitted.`,
    );
  }
}

function connect(draft: Draft, op: Extract<Op, { op: "connect" }>, catalog: Catalog): Op[] {
  const edge: Edge = { source: op.source, output: op.output, target: op.target, input: op.input };
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
  draft.setInput(name, wholeInput(given));
  for (const edge of wires) {
    const target = draft.document.nodes[edge.target];
    const port = target && inputPort(target, edge.input, catalog);
    const judged = port && judgeTypes(given.type, port.type, catalog);
    if (judged?.verdict === "no") throw new Refusal("type_mismatch", judged.reason);
  }
  return [{ op: "set_input", name, input: before ?? null }];
}

function updatePipeline(draft: Draft, changes: PipelineChanges): Op[] {
  checkKeys(changes, ["name", "description", "settings"]);
  const before = Object.keys(changes).map((key) => [key, draft.document[key as keyof Document]]);
  Object.assign(draft.document, changes, changes.settings ? { settings: filled(changes.settings) } : {});
  return [{ op: "update_pipeline", changes: Object.fromEntries(before) as PipelineChanges }];
}
