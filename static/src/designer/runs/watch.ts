/** Looking into one iteration of a loop: its steps are then followed like all others. */

import type { IterationPage, StepState } from "../../run/types.ts";
import { app } from "../app.ts";
import { runStore } from "../state/run.ts";
import { setUi } from "../state/ui.ts";

const NEW: Omit<StepState, "node" | "status"> = {
  reused: false,
  progress: null,
  attempt: 1,
  message: "",
  exit_code: null,
  started_at: null,
  ended_at: null,
  outputs: {},
};

/** Look into an iteration of a loop (`node` is its id on the canvas and in the run), or into none. */
export async function watchIteration(node: string, index: number | null): Promise<void> {
  setUi({ iteration: index === null ? null : { loop: node, index } });
  const { run } = runStore.getState();
  const watched = index === null ? null : `${node}[${index}]`;
  runStore.setState({ watched, inner: {} });
  if (!run || index === null) return;
  const after = index > 0 ? `&after=${index - 1}` : "";
  const page = await app().api.get<IterationPage>(
    `runs/${run.id}/iterations/?node=${encodeURIComponent(node)}${after}`,
  );
  const nodes = page.results.find((each) => each.index === index)?.nodes ?? {};
  if (runStore.getState().watched !== watched) return;
  const told = Object.entries(nodes).map(([id, status]): [string, StepState] => [
    id,
    { ...NEW, node: id, status },
  ]);
  // What came by event meanwhile is newer.
  runStore.setState({ inner: { ...Object.fromEntries(told), ...runStore.getState().inner } });
}
