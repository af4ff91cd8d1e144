/** Whether a wire may be drawn, and why not. The sentences are the server's. */

import { path, reach } from "./adjacency.ts";
import { near } from "./near.ts";
import { fields, inputPort, inputPorts, interfaceOf, outputPort, outputPorts } from "./ports.ts";
import type { RefusalCode } from "./refusal.ts";
import type { Catalog, Document, Edge, GraphNode, Verdict } from "./types.ts";
import { INPUTS, edgeKey, inputNameOf, isData, sourceId } from "./types.ts";

export interface Judgement {
  readonly verdict: Verdict;
  readonly code: RefusalCode | null;
  readonly reason: string;
}

const YES: Judgement = { verdict: "yes", code: null, reason: "" };
const no = (code: RefusalCode, reason: string): Judgement => ({ verdict: "no", code, reason });

/** What people call a thing on the canvas: its title, or its id where there is none. */
export function nameOf(document: Document, id: string): string {
  return inputNameOf(id) ?? (document.nodes[id]?.title || id);
}

/** Whether the types fit, with the catalog's own sentence. */
export function judgeTypes(output: string, input: string, catalog: Catalog): Judgement {
  const [verdict, reason] = catalog.types[output]?.[input] ?? (output === input ? ["yes", ""] : ["no", ""]);
  if (verdict === "yes") return YES;
  if (verdict === "warn") return { verdict, code: null, reason };
  const word = (type: string) => catalog.labels[type] ?? type;
  return no("type_mismatch", reason || `A ${word(output)} cannot feed a ${word(input)}.`);
}

/** `upstream`, where given, is everything that feeds `source`, so that judging many ports walks the graph once. */
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
  const types = judgeTypes(output.type, input.type, catalog);
  if (types.verdict === "no") return types;
  if (document.edges[edgeKey(wire.target, wire.input)]) {
    return no("occupied", `${quoted(target)} already gets its ${input.label} from another step.`);
  }
  if (from === wire.target) return no("cycle", `${quoted(target)} cannot feed itself.`);
  if (upstream ? !upstream.has(wire.target) : wire.source === INPUTS) return types;
  const way = path(document, wire.target, from);
  if (!way) return types;
  const steps = way.map((id) => `“${nameOf(document, id)}”`).join(" → ");
  return no("cycle", `“${nameOf(document, from)}” already depends on ${quoted(target)}: ${steps}.`);
}

/** What is said of a node that is not there. */
export const gone = (id: string): string => `There is no node \`${id}\`; perhaps somebody deleted it.`;

const quoted = (node: GraphNode): string => `“${node.title || node.id}”`;

function noInput(node: GraphNode, name: string, catalog: Catalog): string {
  const face = interfaceOf(node, catalog);
  const hidden = face && fields(face).some((port) => port.name === name);
  const known = inputPorts(node, face).map((port) => port.name);
  return `${quoted(node)} has no input port \`${name}\`${hidden ? "; show it as a port first." : near(name, known)}`;
}

/** Everything that feeds `id`, itself included. A wire from `id` to any of it would close a circle. */
export const upstreamOf = (document: Document, id: string): Set<string> => reach(document, id, "in");
