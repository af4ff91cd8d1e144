import { useId } from "react";

import type { EarlyTermination, Space, Sweep } from "../../../graph/control.ts";
import { fields } from "../../../graph/ports.ts";
import { useDraft } from "../../widgets/draft.ts";
import { NumberRow, SelectRow } from "./parts.tsx";
import type { LoopFormProps } from "./RepeatForm.tsx";
import { SpaceRow } from "./SpaceRow.tsx";
import { spaceFor } from "./spaces.ts";

/** Trials with different values of parameters: which, how they are chosen, what is best, and when to stop. */
export function SweepForm({ node, face, loop, disabled, onChange }: LoopFormProps<Sweep>) {
  const ports = fields(face);
  const free = ports.filter((port) => !(port.name in loop.search_space));
  const space = (name: string, next: Space | null) => {
    const rest = Object.entries(loop.search_space).filter(([each]) => each !== name);
    const kept = Object.entries(loop.search_space).map(
      ([each, old]) => [each, each === name ? next : old] as const,
    );
    const all = next === null ? rest : name in loop.search_space ? kept : [...rest, [name, next] as const];
    onChange({ ...loop, search_space: Object.fromEntries(all) as Sweep["search_space"] });
  };
  const numbers = face.outputs.filter((port) => port.type === "number" || port.type === "integer");
  const { objective, limits } = loop;
  return (
    <>
      <h3 className="repeat-title">Search space</h3>
      {Object.entries(loop.search_space).map(([name, each]) => (
        <SpaceRow
          key={name}
          name={name}
          port={ports.find((port) => port.name === name)}
          space={each}
          grid={loop.sampling_algorithm === "grid"}
          disabled={disabled}
          onChange={(next) => space(name, next)}
        />
      ))}
      {free.length > 0 && (
        <select
          className="text-input"
          aria-label="Vary a parameter"
          data-field="search_space"
          value=""
          disabled={disabled}
          onChange={(event) => {
            const port = ports.find(({ name }) => name === event.target.value);
            if (port) space(port.name, spaceFor(port, node.params[port.name] ?? port.default));
          }}
        >
          <option value="">Vary a parameter…</option>
          {free.map((port) => (
            <option key={port.name} value={port.name}>
              {port.label}
            </option>
          ))}
        </select>
      )}
      <h3 className="repeat-title">Objective</h3>
      <Metric
        value={objective.primary_metric}
        known={numbers.map((port) => port.name)}
        disabled={disabled}
        onCommit={(primary_metric) => onChange({ ...loop, objective: { ...objective, primary_metric } })}
      />
      <SelectRow
        label="is best when"
        value={objective.goal}
        options={[
          ["maximize", "highest"],
          ["minimize", "lowest"],
        ]}
        disabled={disabled}
        onChange={(goal) => onChange({ ...loop, objective: { ...objective, goal } })}
      />
      <h3 className="repeat-title">Trials</h3>
      <SelectRow
        label="Chosen"
        value={loop.sampling_algorithm}
        options={[
          ["random", "at random"],
          ["grid", "all combinations"],
        ]}
        disabled={disabled}
        onChange={(sampling_algorithm) => onChange({ ...loop, sampling_algorithm })}
      />
      <NumberRow
        label="At most"
        value={limits.max_total_trials}
        least={1}
        most={1000}
        whole
        disabled={disabled}
        onCommit={(count) => onChange({ ...loop, limits: { ...limits, max_total_trials: count ?? 20 } })}
      />
      <NumberRow
        label="Side by side"
        value={limits.max_concurrent_trials}
        empty="all"
        least={1}
        whole
        disabled={disabled}
        onCommit={(count) => onChange({ ...loop, limits: { ...limits, max_concurrent_trials: count } })}
      />
      {loop.sampling_algorithm === "random" && (
        <NumberRow
          label="Seed"
          value={loop.seed}
          empty="from the run"
          whole
          disabled={disabled}
          help="The same seed draws the same values again."
          onCommit={(seed) => onChange({ ...loop, seed })}
        />
      )}
      <Termination
        policy={loop.early_termination}
        disabled={disabled}
        onChange={(early_termination) => onChange({ ...loop, early_termination })}
      />
    </>
  );
}

interface MetricProps {
  value: string;
  known: readonly string[];
  disabled: boolean;
  onCommit: (name: string) => void;
}

function Metric({ value, known, disabled, onCommit }: MetricProps) {
  const id = useId();
  const text = useDraft(value, (next) => onCommit(next.trim()));
  return (
    <div className="repeat-row">
      <label htmlFor={id}>Metric</label>
      <input
        id={id}
        className="text-input"
        data-field="primary_metric"
        list={`${id}-known`}
        placeholder="accuracy"
        value={text.draft}
        disabled={disabled}
        spellCheck={false}
        onChange={(event) => text.setDraft(event.target.value)}
        onBlur={text.commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") text.commit();
          if (event.key === "Escape") text.revert();
        }}
      />
      <datalist id={`${id}-known`}>
        {known.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <p className="param__help">
        A value in a metrics output, an output of that name, or what the step prints as{" "}
        <code>::metric {value || "accuracy"}=0.9::</code>
      </p>
    </div>
  );
}

const POLICIES = [
  ["", "never"],
  ["bandit", "far behind the best"],
  ["median_stopping", "below the median"],
  ["truncation_selection", "among the worst"],
] as const;

/** When a trial that goes badly is given up before its end. */
function Termination({
  policy,
  disabled,
  onChange,
}: {
  policy: EarlyTermination | null;
  disabled: boolean;
  onChange: (policy: EarlyTermination | null) => void;
}) {
  const begin = (type: string) => {
    const shared = {
      evaluation_interval: policy?.evaluation_interval ?? 1,
      delay_evaluation: policy?.delay_evaluation ?? 5,
    };
    if (type === "bandit") onChange({ type, slack_factor: 0.2, slack_amount: null, ...shared });
    else if (type === "median_stopping") onChange({ type, ...shared });
    else if (type === "truncation_selection") onChange({ type, truncation_percentage: 20, ...shared });
    else onChange(null);
  };
  return (
    <>
      <h3 className="repeat-title">Stopping early</h3>
      <SelectRow
        label="Give up trials"
        value={policy?.type ?? ""}
        options={POLICIES}
        disabled={disabled}
        onChange={begin}
      />
      {policy?.type === "bandit" && (
        <NumberRow
          label="Slack"
          value={policy.slack_factor ?? policy.slack_amount}
          least={0}
          disabled={disabled}
          help={
            policy.slack_amount === null
              ? "As a share of the best: 0.2 gives up what is 20 % behind."
              : "As an amount of the metric."
          }
          onCommit={(slack) =>
            onChange(
              policy.slack_amount === null
                ? { ...policy, slack_factor: slack }
                : { ...policy, slack_amount: slack },
            )
          }
        />
      )}
      {policy?.type === "truncation_selection" && (
        <NumberRow
          label="Worst"
          value={policy.truncation_percentage}
          least={1}
          most={99}
          whole
          disabled={disabled}
          help="Percent of the trials, at each report."
          onCommit={(share) => onChange({ ...policy, truncation_percentage: share ?? 20 })}
        />
      )}
      {policy && (
        <>
          <NumberRow
            label="Every"
            value={policy.evaluation_interval}
            least={1}
            whole
            disabled={disabled}
            help="Reports of the metric."
            onCommit={(every) => onChange({ ...policy, evaluation_interval: every ?? 1 })}
          />
          <NumberRow
            label="Not before"
            value={policy.delay_evaluation}
            least={0}
            whole
            disabled={disabled}
            help="So many reports."
            onCommit={(delay) => onChange({ ...policy, delay_evaluation: delay ?? 0 })}
          />
        </>
      )}
    </>
  );
}
