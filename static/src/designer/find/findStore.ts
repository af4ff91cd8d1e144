/** The search within the graph: what was asked, what was found, and where one is among it. */

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

import { interfaceOf } from "../../graph/ports.ts";
import type { GraphNode } from "../../graph/types.ts";
import { statusLook } from "../../run/status.ts";
import { flyTo } from "../actions/focus.ts";
import { app } from "../app.ts";
import { currentView } from "../groups/view.ts";
import { docStore } from "../state/doc.ts";
import { NONE, problemStore } from "../state/problems.ts";
import { runStore, stepOf } from "../state/run.ts";
import { announce } from "../state/ui.ts";
import type { Findable, Found } from "./match.ts";
import { find } from "./match.ts";

interface Finding {
  readonly open: boolean;
  readonly query: string;
  readonly found: readonly Found[];
  readonly at: number;
  /** Grows each time the field is asked to take the keyboard. */
  readonly asked: number;
}

const store = createStore<Finding>(() => ({ open: false, query: "", found: [], at: 0, asked: 0 }));
export const useFinding = <T>(select: (state: Finding) => T): T => useStore(store, select);

function* findables(): Generator<Findable> {
  const { document } = docStore.getState();
  const run = runStore.getState();
  const problems = problemStore.getState().byNode;
  const one = (id: string, node: GraphNode, step: string | null): Findable => {
    const state = step === null ? undefined : stepOf(run, step);
    return {
      id,
      node,
      component: interfaceOf(node, app().catalog)?.title ?? "",
      problems: problems[id] ?? NONE,
      status: state ? statusLook(state.status).word : "",
    };
  };
  for (const node of Object.values(document.nodes)) yield one(node.id, node, node.id);
  for (const placed of currentView().inner.values()) yield one(placed.id, placed.node, placed.step);
}

export const openFind = (): void => store.setState({ open: true, asked: store.getState().asked + 1 });
export const closeFind = (): void => store.setState({ open: false });

export function ask(query: string): void {
  const found = find(query, findables());
  store.setState({ query, found, at: 0 });
  if (found[0]) flyTo(found[0].id);
}

/** To the next thing found, or the one before; around at the end. Asked anew, since nodes come and go. */
export function stepThroughFound(by: 1 | -1): void {
  const { query, at, found: before } = store.getState();
  if (!query) return openFind();
  const found = find(query, findables());
  if (found.length === 0) return announce("Nothing found.");
  const here = found.findIndex(({ id }) => id === before[at]?.id);
  goTo((here + by + found.length) % found.length, found);
}

export function goTo(at: number, found: readonly Found[] = store.getState().found): void {
  const there = found[at];
  if (!there) return;
  store.setState({ found, at });
  flyTo(there.id);
  announce(`${there.title}: ${at + 1} of ${found.length}.`);
}
