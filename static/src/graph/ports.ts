/** Which ports things on the canvas have. */

import type {
  Catalog,
  ComponentNode,
  Document,
  GraphNode,
  InputPort,
  Interface,
  OutputPort,
} from "./types.ts";
import { inputNameOf, isData } from "./types.ts";

/** The one input of a branch: always a port. Text takes every literal type. */
const VALUE: InputPort = {
  name: "value",
  label: "Value",
  type: "string",
  description: "What the branch decides by",
  optional: false,
  default: null,
  enum: null,
  min: null,
  max: null,
  widget: null,
  language: null,
  columns_of: null,
};
const BRANCH_INPUTS: readonly InputPort[] = [VALUE];
const NO_INPUTS: readonly InputPort[] = [];
const NO_OUTPUTS: readonly OutputPort[] = [];
const cache = new WeakMap<Interface, Map<string, readonly InputPort[]>>();
const gathered = new WeakMap<Interface, readonly OutputPort[]>();

export function interfaceOf(node: GraphNode, catalog: Catalog): Interface | undefined {
  return node.kind === "component" ? catalog.components.get(node.component) : undefined;
}

/**
 * Data inputs, then the parameters that are shown as ports, each in the component's order. The input whose files a loop
 * goes through takes a folder, whatever its component takes.
 */
export function inputPorts(node: GraphNode, face: Interface | undefined): readonly InputPort[] {
  if (node.kind === "branch") return BRANCH_INPUTS;
  if (node.kind === "data" || !face) return NO_INPUTS;
  const { loop } = node;
  const through = loop?.type === "parallel_for" && loop.over === "files" ? loop.input : null;
  const key = [through ?? "", ...node.exposed].join(" ");
  let byExposed = cache.get(face);
  if (!byExposed) cache.set(face, (byExposed = new Map<string, readonly InputPort[]>()));
  let ports = byExposed.get(key);
  if (!ports) {
    const exposed = fields(face).filter((port) => node.exposed.includes(port.name));
    const data = face.inputs
      .filter((port) => isData(port.type))
      .map((port) => (port.name === through ? { ...port, type: "uri_folder" } : port));
    byExposed.set(key, (ports = [...data, ...exposed]));
  }
  return ports;
}

/** The inputs that are shown as fields in the inspector. */
export function fields(face: Interface): readonly InputPort[] {
  return face.inputs.filter((port) => !isData(port.type));
}

/** The literal inputs of a node, a branch's value too. */
export function parameters(node: GraphNode, face: Interface | undefined): readonly InputPort[] {
  if (node.kind === "branch") return BRANCH_INPUTS;
  return node.kind === "component" && face ? fields(face) : NO_INPUTS;
}

/** What a parallel loop gives is the iterations' outputs together: a folder of data, or a text with the list of values. */
export function outputPorts(node: GraphNode, face: Interface | undefined): readonly OutputPort[] {
  if (node.kind === "branch") return NO_OUTPUTS;
  if (node.kind === "data") return [{ name: "data", label: "Data", type: node.type, description: "" }];
  if (!face) return NO_OUTPUTS;
  if (node.loop?.type !== "parallel_for") return face.outputs;
  let ports = gathered.get(face);
  if (!ports) {
    ports = face.outputs.map((port) => ({ ...port, type: isData(port.type) ? "uri_folder" : "string" }));
    gathered.set(face, ports);
  }
  return ports;
}

export function inputPort(node: GraphNode, name: string, catalog: Catalog): InputPort | undefined {
  return inputPorts(node, interfaceOf(node, catalog)).find((port) => port.name === name);
}

/** The output that a canvas id and port name stand for, `$inputs.NAME` included. */
export function outputPort(
  document: Document,
  id: string,
  name: string,
  catalog: Catalog,
): OutputPort | undefined {
  const inputName = inputNameOf(id);
  if (inputName !== null) {
    const input = document.inputs[inputName];
    return (
      input && { name: inputName, label: inputName, type: input.type, description: input.description ?? "" }
    );
  }
  const node = document.nodes[id];
  return node && outputPorts(node, interfaceOf(node, catalog)).find((port) => port.name === name);
}

/** `split_data:1.0.0` in two. */
export function splitRef(ref: string): { name: string; version: string } {
  const at = ref.lastIndexOf(":");
  return at < 0 ? { name: ref, version: "" } : { name: ref.slice(0, at), version: ref.slice(at + 1) };
}

export const isComponent = (node: GraphNode | undefined): node is ComponentNode => node?.kind === "component";
