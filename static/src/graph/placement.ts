/** Where a new node goes, and what it is wired to without being asked. */

import { judge, judgeTypes, upstreamOf } from "./connection.ts";
import { nodeSize, pipelineInputSize, snap } from "./geometry.ts";
import { canvasIds } from "./order.ts";
import { inputPorts, interfaceOf, outputPort, outputPorts } from "./ports.ts";
import type { Catalog, Document, Edge, GraphNode } from "./types.ts";
import { INPUTS, edgeKey, inputNameOf, isData, noteIdOf } from "./types.ts";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const GAP_X = 80;
const GAP_Y = 32;

export function boxOf(document: Document, id: string, catalog: Catalog, footer = false): Box | null {
  const name = inputNameOf(id);
  if (name !== null) {
    const input = document.inputs[name];
    return input ? { x: input.x ?? 0, y: input.y ?? 0, ...pipelineInputSize(name) } : null;
  }
  const note = document.notes?.[noteIdOf(id) ?? ""];
  if (note) return { x: note.x, y: note.y, width: note.width, height: note.height };
  const node = document.nodes[id];
  return node ? { x: node.x, y: node.y, ...nodeSize(node, interfaceOf(node, catalog), footer) } : null;
}

const overlaps = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width + 16 &&
  b.x < a.x + a.width + 16 &&
  a.y < b.y + b.height + 16 &&
  b.y < a.y + a.height + 16;

/** The first free place at or below `wish`. */
export function freePlace(document: Document, catalog: Catalog, wish: Box): { x: number; y: number } {
  const boxes = canvasIds(document).flatMap((id) => boxOf(document, id, catalog) ?? []);
  let place = { ...wish, x: snap(wish.x), y: snap(wish.y) };
  for (let tries = 0; tries < 200; tries++) {
    const hit = boxes.find((box) => overlaps(place, box));
    if (!hit) break;
    place = { ...place, y: snap(hit.y + hit.height + GAP_Y) };
  }
  return { x: place.x, y: place.y };
}

/** Right of the anchor if there is one, else in the middle of what is seen. */
export function placeNear(
  document: Document,
  catalog: Catalog,
  size: { width: number; height: number },
  anchor: string | null,
  middle: { x: number; y: number },
): { x: number; y: number } {
  const box = anchor === null ? null : boxOf(document, anchor, catalog);
  const wish = box
    ? { x: box.x + box.width + GAP_X, y: box.y }
    : { x: middle.x - size.width / 2, y: middle.y - size.height / 2 };
  return freePlace(document, catalog, { ...wish, ...size });
}

export const wireFrom = (id: string, output: string, target: string, input: string): Edge => {
  const name = inputNameOf(id);
  return name !== null
    ? { source: INPUTS, output: name, target, input }
    : { source: id, output, target, input };
};

/** The wires between `from` and a node that is not in the document yet, where each input has exactly one output that fits. */
export function unambiguousWires(
  document: Document,
  catalog: Catalog,
  from: string,
  node: GraphNode,
): Edge[] {
  const outputs = outputsOf(document, from, catalog);
  const inputs = inputPorts(node, interfaceOf(node, catalog));
  const wires: Edge[] = [];
  const used = new Set<string>();
  for (const input of inputs) {
    const fits = outputs.filter((output) => judgeTypes(output.type, input.type, catalog).verdict === "yes");
    const named = fits.filter((output) => output.name === input.name);
    const choice = named.length === 1 ? named : fits;
    if (choice.length !== 1 || used.has(choice[0]!.name)) continue;
    used.add(choice[0]!.name);
    wires.push(wireFrom(from, choice[0]!.name, node.id, input.name));
  }
  return wires;
}

function outputsOf(document: Document, id: string, catalog: Catalog) {
  const name = inputNameOf(id);
  if (name !== null) {
    const port = outputPort(document, id, name, catalog);
    return port ? [port] : [];
  }
  const node = document.nodes[id];
  return node ? outputPorts(node, interfaceOf(node, catalog)) : [];
}

export interface Target {
  readonly wire: Edge;
  readonly warn: string;
  /** Canvas id and port of the far end. */
  readonly node: string;
  readonly port: string;
  readonly label: string;
}

/** Every free input that an output may feed, nearest node first. */
export function targetsOf(document: Document, catalog: Catalog, from: string, output: string): Target[] {
  const upstream = upstreamOf(document, from);
  const targets: Target[] = [];
  for (const node of Object.values(document.nodes)) {
    for (const port of inputPorts(node, interfaceOf(node, catalog))) {
      const wire = wireFrom(from, output, node.id, port.name);
      const judged = judge(document, catalog, wire, upstream);
      if (judged.verdict === "no") continue;
      targets.push({ wire, warn: judged.reason, node: node.id, port: port.name, label: port.label });
    }
  }
  return byDistance(document, catalog, from, targets);
}

/** Every output that may feed an input, nearest node first; the wire that feeds it now does not count. */
export function sourcesOf(document: Document, catalog: Catalog, to: string, input: string): Target[] {
  const edges = { ...document.edges };
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a table by key
  delete edges[edgeKey(to, input)];
  const without = { ...document, edges };
  const sources: Target[] = [];
  for (const id of canvasIds(without)) {
    for (const port of outputsOf(without, id, catalog)) {
      const wire = wireFrom(id, port.name, to, input);
      const judged = judge(without, catalog, wire);
      if (judged.verdict === "no") continue;
      sources.push({ wire, warn: judged.reason, node: id, port: port.name, label: port.label });
    }
  }
  return byDistance(document, catalog, to, sources);
}

function byDistance(document: Document, catalog: Catalog, from: string, targets: Target[]): Target[] {
  const at = boxOf(document, from, catalog);
  const far = (id: string): number => {
    const box = boxOf(document, id, catalog);
    return at && box ? Math.hypot(box.x - at.x, box.y - at.y) : 0;
  };
  const distance = new Map(targets.map((target) => [target.node, far(target.node)]));
  return targets.sort((a, b) => distance.get(a.node)! - distance.get(b.node)!);
}

/** Where the next pipeline input of a data type is drawn: left of everything, below the others. */
export function placeOfInput(document: Document): { x: number; y: number } {
  const nodes = Object.values(document.nodes);
  const left = nodes.length > 0 ? Math.min(...nodes.map((node) => node.x)) : 0;
  const top = nodes.length > 0 ? Math.min(...nodes.map((node) => node.y)) : 0;
  const drawn = Object.values(document.inputs).filter((input) => isData(input.type)).length;
  return { x: snap(left - 256), y: snap(top + drawn * 96) };
}
