import { elapsed, formatDuration } from "../../run/duration.ts";
import { isEnded, statusLook } from "../../run/status.ts";
import { StatusGlyph } from "../../run/StatusGlyph.tsx";
import type { StepStatus } from "../../run/types.ts";
import { ago } from "../../lib/format.ts";
import { Ticking } from "../canvas/Ticking.tsx";
import { useRun } from "../state/run.ts";
import { Section } from "./Section.tsx";

/** The run that lies over the canvas. */
export function RunFacts() {
  const run = useRun((state) => state.run);
  const steps = useRun((state) => state.steps);
  if (!run) return null;
  const counts = new Map<StepStatus, number>();
  for (const step of Object.values(steps)) counts.set(step.status, (counts.get(step.status) ?? 0) + 1);
  const ms = elapsed(run.started_at, run.ended_at, 0);
  return (
    <Section title={`Run #${run.id}`} name="run-facts">
      <dl className="fact-list">
        <dt>Status</dt>
        <dd>
          <StatusGlyph status={run.status} size={14} />
        </dd>
        <dt>Started</dt>
        <dd>
          {ago(run.created_at)}
          {run.submitted_by && ` by ${run.submitted_by.name}`}
        </dd>
        <dt>Took</dt>
        <dd>
          {run.started_at && !isEnded(run.status) ? <Ticking since={run.started_at} /> : formatDuration(ms)}
        </dd>
        <dt>Steps</dt>
        <dd>
          {[...counts]
            .map(([status, count]) => `${count} ${statusLook(status).word.toLowerCase()}`)
            .join(", ") || "–"}
        </dd>
        {Object.entries(run.inputs).map(([name, value]) => [
          <dt key={`${name}-name`}>{name}</dt>,
          <dd key={name}>
            {typeof value === "object" ? JSON.stringify(value) : String(value as string | number)}
          </dd>,
        ])}
      </dl>
      {run.message && <p className="param__error">{run.message}</p>}
    </Section>
  );
}
