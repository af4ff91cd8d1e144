import { useId, useState } from "react";

import type { PipelineInput, Scalar } from "../../graph/types.ts";
import { Icon } from "../../lib/Icon.tsx";
import { titleOf as nodeTitle } from "../actions/edit.ts";
import type { RunMode } from "../actions/run.ts";
import { startRun } from "../actions/run.ts";
import { app } from "../app.ts";
import { useDoc } from "../state/doc.ts";
import { useRun } from "../state/run.ts";
import { setUi, useUi } from "../state/ui.ts";
import { InputValue } from "../widgets/InputValue.tsx";
import { Dialog } from "./Dialog.tsx";

type Value = Scalar | { readonly asset: string } | null;

/** The pipeline's inputs, with their defaults, before a run. */
export function RunDialog() {
  const inputs = useDoc((doc) => doc.document.inputs);
  const starting = useRun((state) => state.starting);
  const mode = useUi((ui) => ui.runMode);
  const id = useId();
  const [values, setValues] = useState<Readonly<Record<string, Value>>>(() =>
    Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default ?? null])),
  );
  const [asked, setAsked] = useState(false);
  const missing = Object.entries(inputs).filter(
    ([name, input]) => !input.optional && (values[name] ?? null) === null,
  );

  const run = async () => {
    setAsked(true);
    if (missing.length > 0) {
      document.querySelector<HTMLElement>(`.run-form [data-field="${CSS.escape(missing[0]![0])}"]`)?.focus();
      return;
    }
    const given = Object.entries(values).filter(
      (entry): entry is [string, Exclude<Value, null>] => entry[1] !== null,
    );
    if (await startRun(Object.fromEntries(given), mode)) setUi({ dialog: null });
  };
  const help = (input: PipelineInput) => input.description ?? "";
  return (
    <Dialog title={titleOf(mode)}>
      <form
        className="run-form"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        {Object.entries(inputs).map(([name, input]) => (
          <div
            key={name}
            className={`param${asked && missing.some(([each]) => each === name) ? " is-wrong" : ""}`}
          >
            <div className="param__head">
              <label id={`${id}-${name}-label`} htmlFor={`${id}-${name}`}>
                {name}
                <span className="param__type">{app().catalog.labels[input.type]}</span>
              </label>
            </div>
            <InputValue
              id={`${id}-${name}`}
              name={name}
              input={input}
              value={values[name] ?? null}
              disabled={starting}
              onCommit={(value) => setValues((before) => ({ ...before, [name]: value }))}
            />
            {asked && missing.some(([each]) => each === name) && (
              <p className="param__error">This is needed for the run.</p>
            )}
            {help(input) && <p className="param__help">{help(input)}</p>}
          </div>
        ))}
        <footer className="modal__footer">
          <button type="button" className="btn" onClick={() => setUi({ dialog: null })}>
            Cancel
          </button>
          <button
            type="submit"
            className="btn btn--primary"
            disabled={starting}
            data-testid="run-dialog-submit"
          >
            <Icon name="play" size={14} />
            {starting ? "Starting…" : "Run"}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function titleOf({ only, force_rerun }: RunMode): string {
  if (only && "to" in only) return `Run up to ${nodeTitle(only.to)}`;
  if (only && "from" in only) return `Run from ${nodeTitle(only.from)}`;
  return force_rerun ? "Run everything anew" : "Run the pipeline";
}
