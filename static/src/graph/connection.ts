/** Whether a wire or an order edge may be drawn, and why not. The sentences are the server's. */

import { nextOf, path, previousOf, reach } from "./adjacency.ts";
import { near } from "./near.ts";
import { inputPort, inputPorts, interfaceOf, outputPort, outputPorts, parameters } from "./ports.ts";
import type { RefusalCode } from "./refusal.ts";
import type { Catalog, Document, Edge, GraphNode, OrderEdge, Verdict } from "./types.ts";
import { INPUTS, edgeKey, inputNameOf, isData, noteIdOf, orderKey, sectionIdOf, sourceId } from "./types.ts";

export interface Judgement {
  readonly verdict: Verdict;
  readonly code: RefusalCode | null;
  readonly reason: string;
}

const YES: Judgement = { verdict: "yes", code: null, reason: "" };
const no = (code: RefusalCode, reason: string): Judgement => ({ verdict: "no", code, reason });

/** What people call a thing on the canvas: its title, or its id where there is none. */
export function nameOf(document: Document, id: string): string {
  const note = noteIdOf(id);
  if (note !== null) return document.notes?.[note] ? noteName(document.notes[note]) : note;
  const section = sectionIdOf(id);
  if (section !== null) return document.sections?.[section]?.title || "Group";
  return inputNameOf(id) ?? (document.nodes[id]?.title || id);
}

/** A note by how it begins. */
export const noteName = ({ text }: { readonly text: string }): string =>
  /[^\s#>*_`-].{0,39}/.exec(text)?.[0]?.trim() ?? "Empty note";

/** Whether the types fit, with the catalog's own sentence. */
export function judgeTypes(output: string, input: string, catalog: Catalog): Judgement {
  const [verdict, reason] = catalog.types[output]?.[input] ?? (output === input ? ["yes", ""] : ["no", ""]);
  if (verdict === "yes") return YES;
  if (verdict === "warn") return { verdict, code: null, reason };
  const word = (type: string) => catalog.labels[type] ?? type;
  return no("type_mismatch", reason || `A ${word(output)} cannot feed a ${word(input)}.`);
}

/** The same for a wire: one that is laid anyway leaves at most a doubt between data and data. */
export function judgeWire(wire: Edge, output: string, input: string, catalog: Catalog): Judgement {
  const judged = judgeTypes(output, input, catalog);
  return judged.verdict === "no" && wire.anyway && isData(output) && isData(input)
    ? { verdict: "warn", code: null, reason: judged.reason }
    : judged;
}

/** `upstream`, where given, is everything that comes before `source`, so that judging many ports walks the graph once. */
export function judge(
  document: Document,
  catalog: Catalog,
  wire: Edge,
  upstream?: ReadonlySet<string>,
): Judgement {
  const from = sourceId(wire);
  if (wire.source === INPUTS) {
    const input = document.inputs[wire.output];
    if (!input || !isData(input.type)) {
      return no("unknown_input", `There is no pipeline input \`${wire.output}\` that carries data.`);
    }
  } else if (!document.nodes[wire.source]) {
    return no("unknown_node", gone(wire.source));
  }
  const output = outputPort(document, from, wire.output, catalog);
  if (!output) {
    const node = document.nodes[wire.source]!;
    const known = outputPorts(node, interfaceOf(node, catalog)).map((port) => port.name);
    return no("unknown_port", `${quoted(node)} has no output \`${wire.output}\`${near(wire.output, known)}`);
  }
  const target = document.nodes[wire.target];
  if (!target) return no("unknown_node", gone(wire.target));
  const input = inputPort(target, wire.input, catalog);
  if (!input) return no("unknown_port", noInput(target, wire.input, catalog));
  const types = judgeWire(wire, output.type, input.type, catalog);
  if (types.verdict === "no") return types;
  if (document.edges[edgeKey(wire.target, wire.input)]) {
    return no("occupied", `${quoted(target)} already gets its ${input.label} from another step.`);
  }
  if (from === wire.target) return no("cycle", `${quoted(target)} cannot feed itself.`);
  const source = document.nodes[wire.source];
  return (source && mayFollow(document, source, target, upstream)) ?? types;
}

/** Whether an order edge may be drawn. One that joins the two already gets another condition. */
export function judgeOrder(document: Document, edge: OrderEdge, upstream?: ReadonlySet<string>): Judgement {
  if (edge.source.startsWith(INPUTS) || edge.target.startsWith(INPUTS))
    return no("unknown_port", "An order edge joins two steps; a pipeline input is there from the start.");
  const source = document.nodes[edge.source];
  const target = document.nodes[edge.target];
  if (!source) return no("unknown_node", gone(edge.source));
  if (!target) return no("unknown_node", gone(edge.target));
  for (const node of [source, target]) {
    if (node.kind === "data")
      return no(
        "unknown_port",
        `An order edge joins two steps; ${quoted(node)} is data, there from the start.`,
      );
  }
  const way = edge.condition === "true" || edge.condition === "false";
  if (source.kind === "branch" && !way)
    return no(
      "unknown_port",
      `${quoted(source)} is a branch: what follows it runs when it is \`true\` or \`false\`.`,
    );
  if (source.kind !== "branch" && way)
    return no(
      "unknown_port",
      `Only a branch is followed by \`true\` or \`false\`; ${quoted(source)} is none.`,
    );
  if (document.order[orderKey(edge.target, edge.source)]) return YES;
  if (source === target) return no("cycle", `${quoted(source)} cannot run after itself.`);
  return mayFollow(document, source, target, upstream) ?? YES;
}

export const isFinal = (node: GraphNode): boolean => node.settings.final === true;

/** Why `target` cannot come after `source`, by wire or by order edge; null where it can. */
function mayFollow(
  document: Document,
  source: GraphNode,
  target: GraphNode,
  upstream?: ReadonlySet<string>,
): Judgement | null {
  const way = !upstream || upstream.has(target.id) ? path(document, target.id, source.id) : null;
  if (way) {
    const steps = way.map((id) => `“${nameOf(document, id)}”`).join(" → ");
    return no("cycle", `${quoted(source)} already depends on ${quoted(target)}: ${steps}.`);
  }
  if (!isFinal(source) || isFinal(target)) return null;
  return no(
    "not_final",
    `${quoted(source)} is final: only another final step can come after it, and ${quoted(target)} is none.`,
  );
}

/** What forbids that a node becomes final, or is no longer: a sentence, or null. */
export function finalFault(document: Document, node: GraphNode): string | null {
  const before = [...previousOf(document, node.id)].map((id) => document.nodes[id]);
  const after = [...nextOf(document, node.id)].map((id) => document.nodes[id]);
  if (isFinal(node)) {
    const other = after.find((each) => each && !isFinal(each));
    return other ? `${quoted(node)} cannot be final: ${quoted(other)} comes after it and is not.` : null;
  }
  const other = before.find((each) => each && isFinal(each));
  return other ? `${quoted(node)} must stay final: it comes after ${quoted(other)}, which is.` : null;
}

/** What is said of a node that is not there. */
export const gone = (id: string): string => `There is no node \`${id}\`; perhaps somebody deleted it.`;

export const quoted = (node: GraphNode): string => `“${node.title || node.id}”`;

function noInput(node: GraphNode, name: string, catalog: Catalog): string {
  const face = interfaceOf(node, catalog);
  const hidden = parameters(node, face).some((port) => port.name === name);
  const known = inputPorts(node, face).map((port) => port.name);
  return `${quoted(node)} has no input port \`${name}\`${hidden ? "; show it as a port first." : near(name, known)}`;
}

/** Everything that comes before `id`, itself included. A wire from `id` to any of it would close a circle. */
export const upstreamOf = (document: Document, id: string): Set<string> => reach(document, id, "in");
