/** Finding nodes by what they are called, what they are made of, what is set, what is wrong and how they stand. */

import type { GraphNode, Problem } from "../../graph/types.ts";

export interface Findable {
  readonly id: string;
  readonly node: GraphNode;
  readonly component: string;
  readonly problems: readonly Problem[];
  /** In words; "" where no run is shown. */
  readonly status: string;
}

export interface Found {
  readonly id: string;
  readonly title: string;
  /** What was found, where it is not the title. */
  readonly why: string;
}

function* textsOf({ id, node, component, problems, status }: Findable): Generator<string> {
  yield node.title;
  yield id;
  if (component) yield component;
  if (node.kind === "component") yield node.component;
  if (node.kind === "data") yield node.asset;
  for (const [name, value] of Object.entries(node.params)) yield `${name} = ${String(value)}`;
  for (const { message } of problems) yield `Problem: ${message}`;
  if (status) yield `Status: ${status}`;
  if (node.comment) yield node.comment;
}

/** Every word must be found somewhere; nodes whose title has them all come first. */
export function find(query: string, all: Iterable<Findable>): Found[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found: (Found & { rank: number })[] = [];
  for (const each of all) {
    const texts = [...textsOf(each)];
    const lower = texts.map((text) => text.toLowerCase());
    if (!words.every((word) => lower.some((text) => text.includes(word)))) continue;
    const at = lower.findIndex((text) => words.every((word) => text.includes(word)));
    const shown = at >= 0 ? at : lower.findIndex((text) => text.includes(words[0]!));
    found.push({
      id: each.id,
      title: each.node.title,
      why: shown === 0 ? "" : texts[shown]!,
      rank: shown === 0 ? 0 : 1,
    });
  }
  return found.sort((a, b) => a.rank - b.rank).map(({ id, title, why }) => ({ id, title, why }));
}
