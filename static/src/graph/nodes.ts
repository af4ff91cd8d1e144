/** What operations do to nodes. */

import { orderIn, orderOut, wiresIn, wiresOut } from "./adjacency.ts";
import { inSection } from "./annotating.ts";
import { finalFault, judgeTypes, judgeWire, quoted } from "./connection.ts";
import type { Draft } from "./draft.ts";
import { near } from "./near.ts";
import { checkKeys, nodeOf, toConnect, toConnectOrder } from "./pieces.ts";
import { inputPort, interfaceOf, outputPort, outputPorts, parameters } from "./ports.ts";
import { Refusal } from "./refusal.ts";
import type { Catalog, Document, Edge, GraphNode, NodeChanges, Op, Scalar } from "./types.ts";
import { edgeKey, inputNameOf, noteIdOf, sourceId } from "./types.ts";
import { NODE_ID, wholeControl, wholeNode } from "./whole.ts";

export function addNode(draft: Draft, given: GraphNode, catalog: Catalog): Op[] {
  if (!NODE_ID.test(given.id))
    throw new Refusal("malformed", `The operation cannot be read: \`${given.id}\` is no id.`);
  if (draft.document.nodes[given.id]) {
    throw new Refusal("duplicate_id", `There is a node \`${given.id}\` already.`);
  }
  let node = wholeNode(given);
  checkControl(node);
  if (node.kind === "data") {
    node = { ...node, type: assetType(node.asset, catalog) ?? node.type };
  } else {
    if (node.kind === "component" && !catalog.components.has(node.component)) {
      throw new Refusal(
        "unknown_component",
        `There is no component \`${node.component}\` in this workspace.`,
      );
    }
    checkParameters(node, Object.keys(node.params), catalog);
    checkExposed(node, node.exposed, catalog);
  }
  checkOutputs(node, catalog);
  draft.setNode(inSection(draft, node));
  return [{ op: "remove_node", id: node.id }];
}

/** A loop is a component's, and a rule is a branch's. */
function checkControl(node: GraphNode): void {
  const parts: Readonly<Record<string, unknown>> = { ...node };
  if ("loop" in parts && node.kind !== "component")
    throw new Refusal("malformed", "Only a component can run in a loop.");
  if ("mode" in parts && node.kind !== "component")
    throw new Refusal("malformed", "Only a component can be disabled or bypassed.");
  if ("branch" in parts && node.kind !== "branch")
    throw new Refusal("malformed", "Only a branch node has the rule of a branch.");
  if (parts["loop"] === null)
    throw new Refusal("malformed", "The operation cannot be read: there is no such loop.");
}

function assetType(ref: string, catalog: Catalog): string | undefined {
  const type = catalog.assets.get(ref);
  if (type === undefined && catalog.strictAssets) {
    throw new Refusal("unknown_asset", `There is no data asset \`${ref}\` in this workspace.`);
  }
  return type;
}

function checkParameters(node: GraphNode, names: readonly string[], catalog: Catalog): void {
  const known = parameters(node, interfaceOf(node, catalog)).map((port) => port.name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const message = `“${node.title || node.id}” has no parameter \`${unknown}\`${near(unknown, known)}`;
  throw new Refusal("unknown_parameter", message);
}

function checkOutputs(node: GraphNode, catalog: Catalog): void {
  const known =
    node.kind === "component" ? outputPorts(node, interfaceOf(node, catalog)).map((port) => port.name) : [];
  const unknown = Object.keys(node.outputs ?? {}).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Refusal("unknown_port", `${quoted(node)} has no output \`${unknown}\`${near(unknown, known)}`);
}

function checkExposed(node: GraphNode, exposed: readonly string[], catalog: Catalog): void {
  if (node.kind === "branch" && exposed.length > 0)
    throw new Refusal("malformed", "The value of a branch is always a port.");
  checkParameters(node, exposed, catalog);
}

export function removeNode(draft: Draft, id: string): Op[] {
  const node = nodeOf(draft, id);
  const { edges, order } = draft.document;
  const wires = [...wiresIn(edges, id), ...wiresOut(edges, id)];
  const before = [...orderIn(order, id), ...orderOut(order, id)];
  const outputs = Object.entries(draft.document.outputs).filter(([, output]) => output.source === id);
  for (const edge of wires) draft.deleteEdge(edge);
  for (const edge of before) draft.deleteOrder(edge);
  for (const [name] of outputs) draft.setOutput(name, null);
  draft.deleteNode(id);
  return [
    { op: "add_node", node },
    ...wires.map(toConnect),
    ...before.map(toConnectOrder),
    ...outputs.map(([name, output]): Op => ({ op: "set_output", name, output })),
  ];
}

export function move(draft: Draft, positions: Extract<Op, { op: "move" }>["positions"]): Op[] {
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
    const noteId = noteIdOf(id);
    if (noteId !== null) {
      const note = draft.document.notes?.[noteId];
      if (!note) continue;
      before[id] = [note.x, note.y];
      draft.setNote(noteId, { ...note, x, y });
      continue;
    }
    const node = draft.document.nodes[id];
    if (!node) continue;
    before[id] = [node.x, node.y];
    draft.setNode({ ...node, x, y });
  }
  return [{ op: "move", positions: before }];
}

export function setParams(draft: Draft, op: Extract<Op, { op: "set_params" }>, catalog: Catalog): Op[] {
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

const CHANGEABLE = [
  "title",
  "comment",
  "exposed",
  "settings",
  "asset",
  "loop",
  "branch",
  "outputs",
  "mode",
  "kept",
];
/** What says nothing, of keys that a node has only where they say something. */
const NOTHING: Readonly<Record<string, unknown>> = { outputs: {}, kept: {} };

export function updateNode(draft: Draft, id: string, changes: NodeChanges, catalog: Catalog): Op[] {
  const node = nodeOf(draft, id);
  checkKeys(changes, CHANGEABLE);
  if (changes.exposed) {
    checkExposed(node, changes.exposed, catalog);
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
  if (changes.loop !== undefined && node.kind !== "component")
    throw new Refusal("malformed", "Only a component can run in a loop.");
  const after = wholeControl({ ...node, ...changes });
  checkControl(after);
  if (changes.outputs) checkOutputs(after, catalog);
  draft.setNode(after);
  if (changes.settings) {
    const fault = finalFault(draft.document, after);
    if (fault !== null) throw new Refusal("not_final", fault);
  }
  if (changes.loop !== undefined) checkTypes(draft.document, after, catalog);
  const known: Readonly<Record<string, unknown>> = { ...node };
  const before = Object.keys(changes).map((key) => [key, known[key] ?? NOTHING[key] ?? null]);
  return [{ op: "update_node", id, changes: Object.fromEntries(before) as NodeChanges }];
}

/** A node whose loop changed must still fit its wires: a loop changes what goes in and what comes out. */
function checkTypes(document: Document, node: GraphNode, catalog: Catalog): void {
  const pairs: [string | undefined, string | undefined, Edge?][] = [];
  for (const edge of [...wiresIn(document.edges, node.id), ...wiresOut(document.edges, node.id)]) {
    const target = document.nodes[edge.target];
    pairs.push([
      outputPort(document, sourceId(edge), edge.output, catalog)?.type,
      target && inputPort(target, edge.input, catalog)?.type,
      edge,
    ]);
  }
  for (const output of Object.values(document.outputs))
    if (output.source === node.id)
      pairs.push([outputPort(document, node.id, output.output, catalog)?.type, output.type]);
  for (const [carried, wanted, edge] of pairs) {
    if (carried === undefined || wanted === undefined) continue;
    const judged = edge ? judgeWire(edge, carried, wanted, catalog) : judgeTypes(carried, wanted, catalog);
    if (judged.verdict !== "no") continue;
    throw new Refusal("type_mismatch", `${quoted(node)} would not fit its wires any more: ${judged.reason}`);
  }
}
