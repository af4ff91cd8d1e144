import { useId, useState } from "react";

import { usesOf } from "../../graph/binding.ts";
import { freeInputName, renameInput } from "../../graph/inputs.ts";
import { placeOfInput } from "../../graph/placement.ts";
import type { PipelineInput } from "../../graph/types.ts";
import { DATA_TYPES, LITERAL_TYPES, inputNodeId, isData } from "../../graph/types.ts";
import { INPUT_NAME } from "../../graph/whole.ts";
import { wiresOut } from "../../graph/adjacency.ts";
import { capital, plural } from "../../lib/format.ts";
import { Icon } from "../../lib/Icon.tsx";
import { app, edit } from "../app.ts";
import { docStore, useDoc } from "../state/doc.ts";
import { select, uiStore } from "../state/ui.ts";
import { InputValue } from "../widgets/InputValue.tsx";
import { useDraft } from "../widgets/draft.ts";

/** What is asked for when a run starts. */
export function PipelineInputs() {
  const inputs = useDoc((doc) => doc.document.inputs);
  const editable = useDoc((doc) => doc.editable);
  const [open, setOpen] = useState<string | null>(null);
  const add = () => {
    const { document } = docStore.getState();
    const name = freeInputName(document, "input");
    const input = { type: "string", ...placeOfInput(document) };
    if (edit([{ op: "set_input", name, input }], `Add the input ${name}`)) setOpen(name);
  };
  const names = Object.keys(inputs);
  return (
    <>
      {names.length === 0 && (
        <p className="inspector__hint">
          None yet. An input is asked for, with its default, whenever a run starts.
        </p>
      )}
      {names.length > 0 && (
        <ul className="input-list">
          {names.map((name) => (
            <li key={name}>
              <button
                type="button"
                className="input-list__row"
                aria-expanded={open === name}
                onClick={() => setOpen(open === name ? null : name)}
              >
                <Icon name={open === name ? "chevron-down" : "chevron-right"} size={14} />
                <strong>{name}</strong>
                <span>{app().catalog.labels[inputs[name]!.type]}</span>
                <span className="input-list__default">{shownDefault(inputs[name]!)}</span>
              </button>
              {open === name && <InputForm name={name} input={inputs[name]!} onRename={setOpen} />}
            </li>
          ))}
        </ul>
      )}
      {editable && (
        <button type="button" className="btn" onClick={add}>
          <Icon name="plus" size={14} />
          Add input
        </button>
      )}
    </>
  );
}

/** The same form for a pipeline input that is selected on the canvas. */
export function PipelineInputPanel({ name }: { name: string }) {
  const input = useDoc((doc) => doc.document.inputs[name]);
  if (!input) return null;
  return (
    <div className="inspector__body">
      <header className="inspector__heading">
        <h2 className="inspector__title">{name}</h2>
        <p className="inspector__description">A pipeline input: its data is given when a run starts.</p>
      </header>
      <section className="inspector__section inspector__section-body">
        <InputForm name={name} input={input} onRename={(next) => select([inputNodeId(next)])} />
      </section>
    </div>
  );
}

function shownDefault(input: PipelineInput): string {
  const value = input.default;
  if (value === null || value === undefined) return input.optional ? "optional" : "asked for";
  return typeof value === "object" ? value.asset : String(value);
}

function InputForm({
  name,
  input,
  onRename,
}: {
  name: string;
  input: PipelineInput;
  onRename: (name: string) => void;
}) {
  const id = useId();
  const document = useDoc((doc) => doc.document);
  const editable = useDoc((doc) => doc.editable);
  const set = (change: Partial<PipelineInput>) =>
    edit([{ op: "set_input", name, input: { ...input, ...change } }], `Change the input ${name}`);
  const named = useDraft(name, (next) => {
    const valid = INPUT_NAME.test(next) && !(next in document.inputs);
    const done = valid && edit(renameInput(document, name, next), `Rename the input ${name}`);
    if (done) onRename(next);
    return done;
  });
  const described = useDraft(input.description ?? "", (description) => set({ description }));
  const uses = usesOf(document, name).length + [...wiresOut(document.edges, inputNodeId(name))].length;
  const { labels } = app().catalog;
  const retype = (type: string) => {
    const place = isData(type) && !isData(input.type) ? placeOfInput(document) : {};
    set({ type, default: null, ...place });
  };
  const remove = () => {
    if (!edit([{ op: "set_input", name, input: null }], `Delete the input ${name}`)) return;
    if (uiStore.getState().selection.has(inputNodeId(name))) select([]);
  };
  return (
    <div className="input-form">
      <label htmlFor={`${id}-name`}>Name</label>
      <input
        id={`${id}-name`}
        className="text-input"
        value={named.draft}
        disabled={!editable}
        spellCheck={false}
        onChange={(event) => named.setDraft(event.target.value)}
        onBlur={named.commit}
        onKeyDown={(event) => event.key === "Enter" && named.commit()}
      />
      <label htmlFor={`${id}-type`}>Type</label>
      <select
        id={`${id}-type`}
        className="text-input"
        value={input.type}
        disabled={!editable}
        onChange={(event) => retype(event.target.value)}
      >
        <optgroup label="Values">
          {LITERAL_TYPES.map((type) => (
            <option key={type} value={type}>
              {capital(labels[type] ?? type)}
            </option>
          ))}
        </optgroup>
        <optgroup label="Data">
          {DATA_TYPES.map((type) => (
            <option key={type} value={type}>
              {capital(labels[type] ?? type)}
            </option>
          ))}
        </optgroup>
      </select>
      <label htmlFor={`${id}-default`}>Default</label>
      <InputValue
        id={`${id}-default`}
        name={name}
        input={input}
        value={input.default ?? null}
        disabled={!editable}
        onCommit={(value) => set({ default: value })}
      />
      <label htmlFor={`${id}-description`}>Description</label>
      <input
        id={`${id}-description`}
        className="text-input"
        value={described.draft}
        disabled={!editable}
        onChange={(event) => described.setDraft(event.target.value)}
        onBlur={described.commit}
        onKeyDown={(event) => event.key === "Enter" && described.commit()}
      />
      <label className="check-row input-form__wide">
        <input
          type="checkbox"
          checked={input.optional ?? false}
          disabled={!editable}
          onChange={(event) => set({ optional: event.target.checked })}
        />
        May be left empty
      </label>
      <div className="input-form__wide input-form__foot">
        <span>{uses === 0 ? "Not used yet" : `Used ${plural(uses, "time")}`}</span>
        <button type="button" className="btn btn--danger" disabled={!editable} onClick={remove}>
          <Icon name="trash-2" size={14} />
          Delete
        </button>
      </div>
    </div>
  );
}
