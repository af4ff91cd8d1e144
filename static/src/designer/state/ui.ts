/** What this person sees and does at the moment: selection, open panels, the wire in hand. Never sent, except as presence. */

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

import type { Guide } from "../../graph/guides.ts";
import type { Edge, Verdict } from "../../graph/types.ts";
import type { RunMode } from "../actions/run.ts";

export type Drawer = "problems" | "outline" | "log" | "history" | "changes";
export type InspectorTab = "parameters" | "run";
export type Dialog = "keys" | "run" | "confirm" | "component" | "collapse" | "export" | "version" | null;
export type Side = "in" | "out";

export interface PortEnd {
  readonly node: string;
  readonly port: string;
  readonly side: Side;
}

/** A wire being drawn: where it starts, and what it may end at (`node side port` -> verdict). */
export interface WireInHand {
  readonly from: PortEnd;
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** The wire that is being moved, if it is not a new one. */
  readonly moving: Edge | null;
}

export interface QuickAdd {
  /** The node whose component is to be replaced, rather than one added. */
  readonly replace?: string;
  /** Where the list opens, in px of the window. */
  readonly screen: { readonly x: number; readonly y: number };
  /** Where the node goes on the canvas; null to place it by itself. */
  readonly at: { readonly x: number; readonly y: number } | null;
  readonly from: PortEnd | null;
  /** Wire it to the selection although it has a place. */
  readonly link?: boolean;
}

/** What a notice offers to do about what it says. */
export interface NoticeAction {
  readonly label: string;
  readonly icon: string;
  do(): void;
}

export interface Notice {
  readonly at: string | null;
  readonly message: string;
  readonly actions: readonly NoticeAction[];
  readonly serial: number;
}

/** Something that is asked before it is done. */
export interface Confirm {
  readonly title: string;
  readonly text: string;
  readonly button: string;
  readonly icon: string;
  do(): void;
}

export interface UiState {
  readonly selection: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
  /** The node that Tab enters. */
  readonly current: string | null;
  readonly hoverEdge: string | null;
  /** Groups that are open, by path. */
  readonly expanded: ReadonlySet<string>;
  /** Groups that this person has folded: `pipeline/id`. */
  readonly folded: readonly string[];
  /** The iteration that is looked into. */
  readonly iteration: { readonly loop: string; readonly index: number } | null;
  readonly wire: WireInHand | null;
  readonly quickAdd: QuickAdd | null;
  /** The port from which C connects, with a list of targets. */
  readonly connecting: PortEnd | null;
  /** The node for which one chooses what it runs after (`in`), or what runs after it. */
  readonly ordering: { readonly node: string; readonly side: Side } | null;
  /** Whether the list of commands is open. */
  readonly commands: boolean;
  readonly renaming: string | null;
  readonly palette: boolean;
  readonly inspector: boolean;
  /** The draft as text, beside the canvas. */
  readonly yaml: boolean;
  readonly yamlWidth: number;
  readonly paletteWidth: number;
  readonly inspectorWidth: number;
  readonly drawer: Drawer | null;
  readonly drawerHeight: number;
  readonly tab: InspectorTab;
  readonly dialog: Dialog;
  readonly confirm: Confirm | null;
  /** What the dialog that asks for inputs is about to run. */
  readonly runMode: RunMode;
  readonly notice: Notice | null;
  readonly said: { readonly text: string; readonly urgent: boolean; readonly serial: number };
  /** The field that a problem or another action asks to be focused. */
  readonly field: { readonly node: string; readonly name: string; readonly serial: number } | null;
  /** Positions while a drag is under way. */
  readonly drag: ReadonlyMap<string, { readonly x: number; readonly y: number }> | null;
  /** The lines that what is dragged is drawn to. */
  readonly guides: readonly Guide[] | null;
  /** The wire that the node in hand would be put into. */
  readonly intoEdge: string | null;
  readonly layingOut: boolean;
  /** Zoomed out so far that large graphs are drawn, not mounted. */
  readonly overview: boolean;
  /** The node whose log was asked for. */
  readonly logOf: string | null;
}

const KEPT = [
  "palette",
  "inspector",
  "yaml",
  "yamlWidth",
  "paletteWidth",
  "inspectorWidth",
  "drawer",
  "drawerHeight",
  "folded",
] as const;
const STORAGE = "portline.panels";

function kept(): Partial<UiState> {
  try {
    return JSON.parse(localStorage.getItem(STORAGE) ?? "{}") as Partial<UiState>;
  } catch {
    return {};
  }
}

export const uiStore = createStore<UiState>(() => ({
  selection: new Set<string>(),
  edges: new Set<string>(),
  current: null,
  hoverEdge: null,
  expanded: new Set<string>(),
  folded: [],
  iteration: null,
  wire: null,
  quickAdd: null,
  connecting: null,
  ordering: null,
  commands: false,
  renaming: null,
  palette: true,
  inspector: true,
  yaml: false,
  yamlWidth: 440,
  paletteWidth: 264,
  inspectorWidth: 336,
  drawer: null,
  drawerHeight: 240,
  tab: "parameters",
  dialog: null,
  confirm: null,
  runMode: {},
  notice: null,
  said: { text: "", urgent: false, serial: 0 },
  field: null,
  drag: null,
  guides: null,
  intoEdge: null,
  layingOut: false,
  overview: false,
  logOf: null,
  ...kept(),
}));

uiStore.subscribe((now, before) => {
  if (KEPT.every((key) => now[key] === before[key])) return;
  try {
    localStorage.setItem(STORAGE, JSON.stringify(Object.fromEntries(KEPT.map((key) => [key, now[key]]))));
  } catch {
    // Panels are then as new on the next visit.
  }
});

export const useUi = <T>(select: (state: UiState) => T): T => useStore(uiStore, select);
export const setUi = (change: Partial<UiState>): void => uiStore.setState(change);

/** Say a sentence to those who do not see the canvas. */
export function announce(text: string, urgent = false): void {
  setUi({ said: { text, urgent, serial: uiStore.getState().said.serial + 1 } });
}

/** Show a sentence beside a node or wire (or at the foot of the canvas) for a while, and say it. */
export function notify(
  message: string,
  at: string | null = null,
  actions: readonly NoticeAction[] = [],
): void {
  setUi({ notice: { at, message, actions, serial: (uiStore.getState().notice?.serial ?? 0) + 1 } });
  announce([message, ...actions.map((action) => `${action.label}?`)].join(" "));
}

export function select(nodes: Iterable<string>, edges: Iterable<string> = []): void {
  const selection = new Set(nodes);
  const last = [...selection].at(-1);
  setUi({ selection, edges: new Set(edges), ...(last === undefined ? {} : { current: last }) });
}

/** The one selected thing, if there is exactly one. */
export const onlySelected = (state: UiState): string | null =>
  state.selection.size === 1 ? [...state.selection][0]! : null;

export const portKey = (end: PortEnd): string => `${end.node} ${end.side} ${end.port}`;
