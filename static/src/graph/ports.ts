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

const NO_INPUTS: readonly InputPort[] = [];
const cache = new WeakMap<Interface, Map<string, readonly InputPort[]>>();

export function interfaceOf(node: GraphNode, catalog: Catalog): Interface | undefined {
  return node.kind === "component" ? catalog.components.get(node.component) : undefined;
}

/** Data inputs, then the parameters that are shown as ports, each in the component's order. */
export function inputPorts(node: GraphNode, face: Interface | undefined): readonly InputPort[] {
  if (node.kind === "data" || !face) return NO_INPUTS;
  const key = node.exposed.join(" ");
  let byExposed = cache.get(face);
  if (!byExposed) cache.set(face, (byExposed = new Map<string, readonly InputPort[]>()));
  let ports = byExposed.get(key);
  if (!ports) {
    const exposed = fields(face).filter((port) => node.exposed.includes(port.name));
    byExposed.set(key, (ports = [...face.inputs.filter((port) => isData(port.type)), ...exposed]));
  }
  return ports;
}

/** The inputs that are shown as fields in the inspector. */
export function fields(face: Interface): readonly InputPort[] {
  return face.inputs.filter((port) => !isData(port.type));
}

export function outputPorts(node: GraphNode, face: Interface | undefined): readonly OutputPort[] {
  if (node.kind === "data") return [{ name: "data", label: "Data", type: node.type, description: "" }];
  return face?.outputs ?? [];
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
