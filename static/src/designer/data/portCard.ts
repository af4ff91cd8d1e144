/** Which port's facts are shown beside it: opened by the pointer resting on it, closed when it leaves both. */

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

import type { PortEnd } from "../state/ui.ts";
import { uiStore } from "../state/ui.ts";

export interface PortFacts {
  readonly end: PortEnd;
  readonly label: string;
  readonly type: string;
  readonly state: string;
  /** Where the port is, in px of the window. */
  readonly at: { readonly x: number; readonly y: number };
}

export const cardStore = createStore<{ readonly shown: PortFacts | null }>(() => ({ shown: null }));
export const usePortCard = () => useStore(cardStore, (state) => state.shown);

const OPEN_AFTER = 350;
const CLOSE_AFTER = 160;
let timer: ReturnType<typeof setTimeout> | undefined;

export function showCardSoon(facts: PortFacts): void {
  clearTimeout(timer);
  timer = setTimeout(
    () => {
      // A wire in hand has its own words.
      if (!uiStore.getState().wire) cardStore.setState({ shown: facts });
    },
    cardStore.getState().shown ? 60 : OPEN_AFTER,
  );
}

export function hideCardSoon(): void {
  clearTimeout(timer);
  timer = setTimeout(hideCard, CLOSE_AFTER);
}

/** The pointer is on the card itself. */
export const keepCard = (): void => clearTimeout(timer);

export function hideCard(): void {
  clearTimeout(timer);
  if (cardStore.getState().shown) cardStore.setState({ shown: null });
}

// It may have opened between the press on a port and the first move: a wire is never let go on it.
uiStore.subscribe(({ wire }) => {
  if (wire) hideCard();
});
