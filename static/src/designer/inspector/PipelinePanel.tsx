import { Icon } from "../../lib/Icon.tsx";
import { edit } from "../app.ts";
import { computeNote, PipelineCompute } from "../compute/ComputeForm.tsx";
import { useDoc } from "../state/doc.ts";
import { NONE, useProblems } from "../state/problems.ts";
import { useDraft } from "../widgets/draft.ts";
import { PipelineInputs } from "./PipelineInputs.tsx";
import { PipelineOutputs } from "./PipelineOutputs.tsx";
import { Section } from "./Section.tsx";
import { RunFacts } from "./RunFacts.tsx";

/** The pipeline itself, when nothing on the canvas is selected. */
export function PipelinePanel() {
  const document = useDoc((doc) => doc.document);
  const editable = useDoc((doc) => doc.editable);
  const problems = useProblems((state) => state.byNode[""] ?? NONE);
  const name = useDraft(
    document.name,
    (next) =>
      next.trim() && edit([{ op: "update_pipeline", changes: { name: next.trim() } }], "Rename the pipeline"),
  );
  const description = useDraft(document.description, (next) =>
    edit([{ op: "update_pipeline", changes: { description: next } }], "Describe the pipeline"),
  );
  const goOn = document.settings.continue_on_step_failure ?? true;
  const change = (settings: typeof document.settings) =>
    edit(
      [{ op: "update_pipeline", changes: { settings: { ...document.settings, ...settings } } }],
      "Change the pipeline's settings",
    );
  return (
    <div className="inspector__body">
      <header className="inspector__heading">
        <input
          className="inspector__title"
          aria-label="Name of the pipeline"
          value={name.draft}
          disabled={!editable}
          maxLength={200}
          data-first-field
          onChange={(event) => name.setDraft(event.target.value)}
          onBlur={name.commit}
          onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
        />
        <textarea
          className="text-input"
          rows={2}
          aria-label="Description"
          placeholder="What this pipeline is for"
          value={description.draft}
          disabled={!editable}
          onChange={(event) => description.setDraft(event.target.value)}
          onBlur={description.commit}
        />
      </header>
      {problems.length > 0 && (
        <ul className="inspector__problems">
          {problems.map((problem) => (
            <li key={problem.code} className={`is-${problem.severity}`}>
              <Icon name="triangle-alert" size={14} />
              {problem.message}
            </li>
          ))}
        </ul>
      )}
      <RunFacts />
      <Section title="Pipeline inputs" name="pipeline-inputs">
        <PipelineInputs />
      </Section>
      <Section title="Pipeline outputs" name="pipeline-outputs" folded>
        <PipelineOutputs />
      </Section>
      <Section title="Compute" name="pipeline-compute" folded note={computeNote(document.settings)}>
        <PipelineCompute />
      </Section>
      <Section title="Settings" name="pipeline-settings">
        <label className="check-row">
          <input
            type="checkbox"
            checked={goOn}
            disabled={!editable}
            onChange={(event) => change({ continue_on_step_failure: event.target.checked })}
          />
          When a step fails, go on with those that do not need it
        </label>
        <label className="check-row">
          <input
            type="checkbox"
            checked={document.settings.force_rerun ?? false}
            disabled={!editable}
            onChange={(event) => change({ force_rerun: event.target.checked })}
          />
          Always run every step again, never reuse earlier results
        </label>
      </Section>
    </div>
  );
}
