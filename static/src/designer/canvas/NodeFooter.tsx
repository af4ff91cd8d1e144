import { elapsed, formatDuration } from "../../run/duration.ts";
import { isActive } from "../../run/status.ts";
import { StatusGlyph } from "../../run/StatusGlyph.tsx";
import type { StepState } from "../../run/types.ts";
import { useRun } from "../state/run.ts";
import { Ticking } from "./Ticking.tsx";

/** What became of a step in the run that is shown. */
export function NodeFooter({ node, step }: { node: string; step: StepState | undefined }) {
  const stale = useRun((state) => state.stale.has(node));
  if (!step) return <footer className="step-node__footer step-node__footer--none">Not in this run</footer>;
  const active = isActive(step.status);
  const ms = elapsed(step.started_at, step.ended_at, 0);
  return (
    <footer className={`step-node__footer${stale ? " is-stale" : ""}`}>
      <StatusGlyph status={step.status} reused={step.reused} size={14} />
      {stale && (
        <span className="step-node__stale" title="This node or what feeds it has changed since this run">
          changed
        </span>
      )}
      <span className="step-node__time">
        {!stale &&
          (active && step.started_at ? (
            <Ticking since={step.started_at} />
          ) : (
            ms !== null && formatDuration(ms)
          ))}
      </span>
      {active && (
        <span
          className={`step-node__progress${step.progress === null ? " step-node__progress--unknown" : ""}`}
          style={{ "--done": step.progress ?? 0 }}
        />
      )}
    </footer>
  );
}
