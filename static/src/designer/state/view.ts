/** How this person likes the canvas: kept in this browser, never part of a pipeline. */

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

/** What letting a wire go over empty canvas does. */
export type Release = "search" | "menu" | "nothing";

export interface ViewSettings {
  readonly snap: boolean;
  readonly guides: boolean;
  readonly release: Release;
}

const DEFAULT: ViewSettings = { snap: true, guides: true, release: "search" };
const STORAGE = "portline.view";

function kept(): Partial<ViewSettings> {
  try {
    return JSON.parse(localStorage.getItem(STORAGE) ?? "{}") as Partial<ViewSettings>;
  } catch {
    return {};
  }
}

export const viewStore = createStore<ViewSettings>(() => ({ ...DEFAULT, ...kept() }));
export const useView = <T>(select: (state: ViewSettings) => T): T => useStore(viewStore, select);

export function setView(change: Partial<ViewSettings>): void {
  viewStore.setState(change);
  try {
    localStorage.setItem(STORAGE, JSON.stringify(viewStore.getState()));
  } catch {
    // It then holds until the page is left.
  }
}
