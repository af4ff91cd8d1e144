import type { Item } from "../../../graph/control.ts";
import type { ComponentNode } from "../../../graph/types.ts";

/** The inputs that items name: the one that scalars go to, else every key. */
export function columnsOf(items: readonly Item[], input: string | null): string[] {
  const names = new Set<string>();
  for (const item of items) {
    if (typeof item === "object") for (const name of Object.keys(item)) names.add(name);
    else if (input !== null) names.add(input);
  }
  if (names.size === 0 && input !== null) names.add(input);
  return [...names];
}

/** The inputs that a node's loop gives a value in every iteration: they need no other. */
export function givenByLoop({ loop }: ComponentNode): ReadonlySet<string> {
  if (!loop || loop.type === "do_while") return new Set();
  if (loop.type === "sweep") return new Set(Object.keys(loop.search_space));
  if (loop.over === "files") return new Set([loop.input]);
  if (typeof loop.items === "string") return new Set(loop.input === null ? [] : [loop.input]);
  return new Set(columnsOf(loop.items, loop.input));
}
