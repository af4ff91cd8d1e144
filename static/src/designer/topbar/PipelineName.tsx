import { app, edit } from "../app.ts";
import { useDoc } from "../state/doc.ts";
import { useRun } from "../state/run.ts";
import { useDraft } from "../widgets/draft.ts";

export function PipelineName() {
  const { boot } = app();
  const run = useRun((state) => state.run);
  const name = useDoc((doc) => (doc.loaded ? doc.document.name : (boot.pipeline?.name ?? "")));
  const editable = useDoc((doc) => doc.editable);
  const text = useDraft(
    name,
    (next) =>
      next.trim() !== "" &&
      edit([{ op: "update_pipeline", changes: { name: next.trim() } }], "Rename the pipeline"),
  );
  if (boot.mode === "run") {
    return (
      <h1 className="designer-bar__title">
        Run #{boot.run?.id} of {run?.pipeline.name ?? name}
      </h1>
    );
  }
  return (
    <h1 className="designer-bar__title">
      <input
        aria-label="Name of the pipeline"
        value={text.draft}
        size={Math.min(40, Math.max(8, text.draft.length + 1))}
        disabled={!editable}
        maxLength={200}
        spellCheck={false}
        onChange={(event) => text.setDraft(event.target.value)}
        onBlur={text.commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          if (event.key === "Escape") text.revert();
        }}
      />
    </h1>
  );
}
