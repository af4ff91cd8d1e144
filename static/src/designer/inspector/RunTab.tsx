import { Suspense, lazy } from "react";

import { interfaceOf, outputPorts } from "../../graph/ports.ts";
import type { StepState } from "../../run/types.ts";
import { app } from "../app.ts";
import { useRun } from "../state/run.ts";
import { useUi } from "../state/ui.ts";

const StepPanel = lazy(async () => ({ default: (await import("../../run/StepPanel.tsx")).StepPanel }));

/** A step of the run that is shown: its outputs, its log, its facts. */
export function RunTab({ node, step }: { node: string; step: StepState }) {
  const run = useRun((state) => state.run?.id);
  const log = useUi((ui) => ui.logOf === node);
  const ran = useRun((state) => state.run?.document.nodes[node]);
  if (run === undefined) return null;
  const { api, boot, catalog, runSocket } = app();
  const ports = ran ? outputPorts(ran, interfaceOf(ran, catalog)) : [];
  const labels = Object.fromEntries(ports.map((port) => [port.name, port.label]));
  return (
    <Suspense fallback={<div className="inspector__loading" aria-busy="true" />}>
      <StepPanel
        api={api.base}
        ws={boot.ws}
        runId={run}
        node={node}
        step={step}
        labels={labels}
        socket={runSocket ?? undefined}
        logLine={log ? "error" : undefined}
      />
    </Suspense>
  );
}
