/** Every command of the designer: keys, menus, the cheat sheet and the command palette read this one list. */

import type { MenuItem } from "../menu/menuStore.ts";
import { ANNOTATION_COMMANDS } from "./annotationCommands.ts";
import { keysOf } from "./bindings.ts";
import { EDIT_COMMANDS } from "./editCommands.ts";
import { HISTORY_COMMANDS } from "./historyCommands.ts";
import { wordsOf } from "./keys.ts";
import { NODE_COMMANDS } from "./nodeCommands.ts";
import type { Command, Group, Scope } from "./types.ts";
import { VIEW_COMMANDS } from "./viewCommands.ts";

export const COMMANDS: readonly Command[] = [
  ...VIEW_COMMANDS,
  ...HISTORY_COMMANDS,
  ...NODE_COMMANDS,
  ...ANNOTATION_COMMANDS,
  ...EDIT_COMMANDS,
];

export const GROUPS: readonly Group[] = [
  "Find and add",
  "On a node",
  "Edit",
  "Arrange",
  "View",
  "Run",
  "Pipeline",
  "Move about",
];

const byId = new Map(COMMANDS.map((command) => [command.id, command]));

export function command(id: string): Command {
  const found = byId.get(id);
  if (!found) throw new Error(`There is no command ${id}.`);
  return found;
}

/** The nearest scope first: what a node does with a key goes before what the canvas does with it. */
const ORDER: readonly Scope[] = ["node", "canvas", "page", "always"];

/** What keys do, the nearest first. */
export const commandsFor = (combo: string): Command[] =>
  COMMANDS.filter((each) => keysOf(each).includes(combo)).sort(
    (a, b) => ORDER.indexOf(a.scope) - ORDER.indexOf(b.scope),
  );

export const isPossible = (each: Command, node: string | null): boolean => each.possible?.(node) ?? true;

/** The first of its keys, for menus and titles: `Ctrl Z`. */
export function keyWords(id: string): string {
  const [first] = keysOf(command(id));
  return first === undefined ? "" : wordsOf(first);
}

/** ` (Ctrl Z)` for the end of a title, or nothing. */
export function keyNote(id: string): string {
  const words = keyWords(id);
  return words && ` (${words})`;
}

/** A command as an item of a menu. */
export function itemOf(id: string, node: string | null = null, change: Partial<MenuItem> = {}): MenuItem {
  const { title, icon, ...found } = command(id);
  const keys = keyWords(id);
  return {
    label: title,
    ...(icon ? { icon } : {}),
    ...(keys ? { keys } : {}),
    do: () => found.do(node),
    ...change,
  };
}
