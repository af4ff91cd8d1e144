import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

export interface MenuItem {
  readonly label: string;
  readonly icon?: string;
  /** A colour of notes and groups, shown in place of an icon. */
  readonly tint?: string;
  readonly keys?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly checked?: boolean;
  readonly note?: string;
  do(): void;
}

export interface OpenMenu {
  readonly items: readonly (MenuItem | "-")[];
  readonly at: { readonly x: number; readonly y: number };
  readonly label: string;
  readonly back: HTMLElement | null;
}

const store = createStore<{ menu: OpenMenu | null }>(() => ({ menu: null }));

export const useMenu = (): OpenMenu | null => useStore(store, (state) => state.menu);

export function openMenu(
  items: readonly (MenuItem | "-")[],
  at: { x: number; y: number },
  label: string,
): void {
  const back = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  store.setState({ menu: { items, at, label, back } });
}

export const closeMenu = (): void => store.setState({ menu: null });
