/** Which keys do what for this person. They are kept in this browser, not in the account: keys follow the keyboard in front of one, its layout and its system, and they must work before the server answers. */

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

import type { Command } from "./types.ts";

type Custom = Readonly<Record<string, readonly string[]>>;

const STORAGE = "portline.keys";

function kept(): Custom {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(STORAGE) ?? "{}");
    return typeof read === "object" && read !== null
      ? Object.fromEntries(Object.entries(read).filter(([, keys]) => Array.isArray(keys)))
      : {};
  } catch {
    return {};
  }
}

export const keyStore = createStore<{ custom: Custom }>(() => ({ custom: kept() }));
export const useCustomKeys = (): Custom => useStore(keyStore, (state) => state.custom);

function put(custom: Custom): void {
  keyStore.setState({ custom });
  try {
    localStorage.setItem(STORAGE, JSON.stringify(custom));
  } catch {
    // The keys then hold until the page is left.
  }
}

export const keysOf = (command: Command): readonly string[] =>
  keyStore.getState().custom[command.id] ?? command.keys;

export const isChanged = (command: Command): boolean => command.id in keyStore.getState().custom;

/** Give keys to a command; whoever had one of them loses it. */
export function bind(command: Command, keys: readonly string[], all: readonly Command[]): void {
  const custom: Record<string, readonly string[]> = { ...keyStore.getState().custom };
  for (const other of all) {
    if (other === command) continue;
    const had = keysOf(other);
    if (had.some((key) => keys.includes(key))) custom[other.id] = had.filter((key) => !keys.includes(key));
  }
  custom[command.id] = keys;
  put(tidy(custom, all));
}

/** Back to how it was, for one or for all. */
export function reset(command: Command | null, all: readonly Command[]): void {
  if (!command) return put({});
  bind(command, command.keys, all);
}

/** The command that has these keys already. */
export const holderOf = (combo: string, but: Command, all: readonly Command[]): Command | null =>
  all.find((other) => other !== but && keysOf(other).includes(combo)) ?? null;

/** Only what differs is kept, so that new defaults reach those who never changed them. */
function tidy(custom: Custom, all: readonly Command[]): Custom {
  const defaults = new Map(all.map((command) => [command.id, command.keys.join(" ")]));
  return Object.fromEntries(
    Object.entries(custom).filter(([id, keys]) => defaults.get(id) !== keys.join(" ")),
  );
}
