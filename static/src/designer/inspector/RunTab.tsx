import { Suspense, lazy } from "react";

import { interfaceOf, outputPorts } from "../../graph/ports.ts";
import type { GraphNode } from "../../graph/types.ts";
import type { StepState } from "../../run/types.ts";
import { app } from "../app.ts";
import { graphStore } from "../groups/graphs.ts";
import { inIteration } from "../runs/reduce.ts";
import { watchIteration } from "../runs/watch.ts";
import { useRun } from "../state/run.ts";
import { useUi } from "../state/ui.ts";

const StepPanel = lazy(async () => ({ default: (await import("../../run/StepPanel.tsx")).StepPanel }));

const LoadedStep = lazy(async () => ({
  default: (await import("../../run/iterations/LoadedStep.tsx")).LoadedStep,
}));

/** A step of the run that is shown: its outputs, its log, its facts; of a loop, its iterations. */
export function RunTab({ node, step, graph }: { node: string; step: StepState; graph: GraphNode }) {
  const run = useRun((state) => state.run?.id);
  const log = useUi((ui) => ui.logOf === node);
  const iteration = useUi((ui) => (ui.iteration?.loop === step.node ? ui.iteration.index : null));
  if (run === undefined) return null;
  const { api, boot, catalog, runSocket } = app();
  const face = interfaceOf(graph, catalog);
  const labels = Object.fromEntries(outputPorts(graph, face).map((port) => [port.name, port.label]));
  const loop = graph.kind === "component" ? graph.loop : undefined;
  const body = graph.kind === "component" ? graphStore.getState().graphs[graph.component] : undefined;
  const titles = Object.fromEntries(Object.values(body?.nodes ?? {}).map(({ id, title }) => [id, title]));
  if (inIteration(step.node)) {
    return (
      <Suspense fallback={<div className="inspector__loading" aria-busy="true" />}>
        <LoadedStep
          key={step.node}
          api={api.base}
          ws={boot.ws}
          runId={run}
          node={step.node}
          version={`${step.status} ${step.attempt}`}
          labels={labels}
          socket={runSocket ?? undefined}
        />
      </Suspense>
    );
  }
  return (
    <Suspense fallback={<div className="inspector__loading" aria-busy="true" />}>
      <StepPanel
        api={api.base}
        ws={boot.ws}
        runId={run}
        node={step.node}
        step={step}
        labels={labels}
        titles={titles}
        socket={runSocket ?? undefined}
        logLine={log ? "error" : undefined}
        runs={graph.kind === "component" && face?.pipeline !== true}
        objective={
          loop?.type === "sweep"
            ? { goal: loop.objective.goal, metric: loop.objective.primary_metric || "metric" }
            : null
        }
        iteration={iteration}
        onIteration={(index) => void watchIteration(step.node, index).catch(() => undefined)}
      />
    </Suspense>
  );
}
