import "./preview-tab.css";

import { useState } from "react";

import { DownloadButton } from "./DownloadButton";
import { formatBytes } from "./format";
import { Icon } from "./Icon";
import { Note } from "./parts";
import { kindLook, orderOutputs, typeWord } from "./previewChoice";
import { PreviewCard } from "./PreviewCard";
import { isActive, isEnded } from "./status";
import type { Artifact, StepState } from "./types";

/** So many are shown open: the rest are asked for when someone opens them. */
const OPEN_AT_FIRST = 4;

export function PreviewTab({
  api,
  step,
  labels = {},
  onShowLog,
}: {
  api: string;
  step: StepState;
  labels?: Readonly<Record<string, string>> | undefined;
  /** None where there is no log. */
  onShowLog: (() => void) | undefined;
}) {
  const outputs = orderOutputs(step.outputs);
  if (outputs.length === 0) return <Nothing step={step} onShowLog={onShowLog} />;
  return (
    <div className="preview-tab">
      {outputs.map((artifact, i) => (
        <OutputSection
          key={`${artifact.output}/${artifact.id}`}
          api={api}
          artifact={artifact}
          label={labels[artifact.output] ?? artifact.output}
          openAtFirst={i < OPEN_AT_FIRST}
        />
      ))}
    </div>
  );
}

function Nothing({ step, onShowLog }: { step: StepState; onShowLog: (() => void) | undefined }) {
  const log = onShowLog && (
    <button type="button" className="run-button" onClick={onShowLog}>
      <Icon name="scroll-text" /> Open the log
    </button>
  );
  if (step.status === "Completed")
    return (
      <Note icon="box" title="This step has no outputs" action={log}>
        It ran to its end and left nothing behind.
      </Note>
    );
  if (isEnded(step.status))
    return (
      <Note icon="box" title="No outputs" action={step.started_at === null ? undefined : log}>
        {step.status === "Skipped"
          ? "The step was skipped, so there is nothing to show."
          : "The step ended before it wrote any."}
      </Note>
    );
  return (
    <Note icon="clock" title="No outputs yet" action={isActive(step.status) ? log : undefined}>
      {isActive(step.status)
        ? "Each one shows here as soon as it is written."
        : "They show here once the step has run."}
    </Note>
  );
}

function OutputSection({
  api,
  artifact,
  label,
  openAtFirst,
}: {
  api: string;
  artifact: Artifact;
  label: string;
  openAtFirst: boolean;
}) {
  const [open, setOpen] = useState(openAtFirst);
  const look = kindLook(artifact.kind);
  return (
    <section className="output" data-open={open}>
      <header className="output-head">
        <h3>
          <button type="button" className="output-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon name="chevron-right" />
            <span className="output-name">{label}</span>
          </button>
        </h3>
        <span className="output-facts" title={`Type ${artifact.type}`}>
          <Icon name={look.icon} />
          {look.word}
          {typeWord(artifact.type) !== look.word.toLowerCase() && (
            <span className="output-type"> · {typeWord(artifact.type)}</span>
          )}
          {" · "}
          {formatBytes(artifact.size)}
        </span>
        <DownloadButton api={api} artifact={artifact} label={label} />
      </header>
      {open && <PreviewCard api={api} artifact={artifact} />}
    </section>
  );
}
