import { elapsed, formatDuration } from "../../run/duration.ts";
import { isActive, isEnded } from "../../run/status.ts";
import { StatusGlyph } from "../../run/StatusGlyph.tsx";
import type { StepState } from "../../run/types.ts";
import { useRun } from "../state/run.ts";
import { groupProgress } from "./loopWords.ts";
import { Ticking } from "./Ticking.tsx";

/** What became of a step in the run that is shown. */
export function NodeFooter({
  node,
  step,
  planned = true,
}: {
  node: string;
  step: StepState | undefined;
  /** Whether it is known which step this is: of a loop's body, only in an iteration. */
  planned?: boolean;
}) {
  const stale = useRun((state) => state.stale.has(node));
  if (!step)
    return (
      <footer className="step-node__footer step-node__footer--none">
        {planned ? "Not in this run" : "In each iteration"}
      </footer>
    );
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
      {step.attempt > 1 && !isEnded(step.status) && (
        <span className="step-node__try">attempt {step.attempt}</span>
      )}
      {typeof step.taken === "boolean" && <span className="step-node__try">{`→ ${step.taken}`}</span>}
      <GroupCounts node={step.node} />
      <span className="step-node__time">
        {!stale &&
          (active && step.started_at ? (
            <Ticking since={step.started_at} />
          ) : (
            ms !== null && !step.reused && typeof step.taken !== "boolean" && formatDuration(ms)
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

/** How many of a group's steps are done. */
function GroupCounts({ node }: { node: string }) {
  const counts = useRun((state) => state.groups[node]);
  if (!counts) return null;
  return (
    <span className="step-node__try" title="Steps in the group">
      {groupProgress(counts)}
    </span>
  );
}
