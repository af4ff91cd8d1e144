import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

/** One of a few things to choose from, where a menu would be too small to search in. */
export interface Choice {
  readonly key: string;
  readonly title: string;
  readonly note?: string;
  readonly icon?: string;
  do(): void;
}

export interface Question {
  readonly label: string;
  readonly icon: string;
  readonly choices: readonly Choice[];
  readonly none: string;
  readonly at: { readonly x: number; readonly y: number };
}

const store = createStore<{ question: Question | null }>(() => ({ question: null }));

export const useQuestion = (): Question | null => useStore(store, (state) => state.question);
export const choose = (question: Question): void => store.setState({ question });
export const endChoosing = (): void => store.setState({ question: null });
