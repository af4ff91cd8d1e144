import { useId, useState } from "react";

import { ApiError } from "../../lib/api.ts";
import { plural } from "../../lib/format.ts";
import { loadComponents } from "../actions/components.ts";
import { app } from "../app.ts";
import { useDoc } from "../state/doc.ts";
import { notify, setUi } from "../state/ui.ts";
import { componentName } from "./componentName.ts";
import { DialogForm } from "./DialogForm.tsx";

interface Made {
  name: string;
  version: string;
}

/** The pipeline as it is now, as a component that other pipelines may use. */
export default function ComponentDialog() {
  const id = useId();
  const document = useDoc((doc) => doc.document);
  const components = useDoc((doc) => doc.components);
  const [name, setName] = useState(componentName(document.name, "pipeline"));
  const known = components.find((face) => face.name === name);
  const [version, setVersion] = useState("");
  const [description, setDescription] = useState(document.description);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const proposed = known ? after(known.version) : "1.0.0";
  const inputs = Object.keys(document.inputs).length;
  const outputs = Object.keys(document.outputs).length;

  const save = async () => {
    const { api, boot, session } = app();
    setBusy(true);
    setFault("");
    try {
      await session?.flush();
      const body = { name, version: version || proposed, description };
      const made = await api.post<Made>(`pipelines/${boot.pipeline?.id}/component/`, body);
      await loadComponents();
      setUi({ dialog: null });
      notify(`Saved as the component ${made.name}, version ${made.version}. It is in the palette now.`);
    } catch (error) {
      setFault(error instanceof ApiError ? sentences(error) : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <DialogForm
      title="Save as component"
      label="Save"
      busyLabel="Saving…"
      icon="package-plus"
      testId="save-component"
      busy={busy}
      fault={fault}
      send={save}
    >
      <p className="modal__text">
        Other pipelines can use this one as a single step, with its {plural(inputs, "input")} and{" "}
        {plural(outputs, "output")}.
        {outputs === 0 && " It has no outputs yet: right-click a port to make it one."}
      </p>
      <div className="param">
        <label htmlFor={`${id}-name`}>Name</label>
        <input
          id={`${id}-name`}
          className="text-input"
          data-field="name"
          required
          pattern="[A-Za-z_][A-Za-z0-9_]*"
          title="Letters, digits and _"
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {known && (
          <p className="param__help">There is version {known.version} of it: this becomes a new one.</p>
        )}
      </div>
      <div className="param">
        <label htmlFor={`${id}-version`}>Version</label>
        <input
          id={`${id}-version`}
          className="text-input"
          placeholder={proposed}
          spellCheck={false}
          value={version}
          onChange={(event) => setVersion(event.target.value)}
        />
      </div>
      <div className="param">
        <label htmlFor={`${id}-description`}>Description</label>
        <textarea
          id={`${id}-description`}
          className="text-input"
          rows={2}
          value={description}
          onChange={(event) => setDescription(event.target.value)}
        />
      </div>
    </DialogForm>
  );
}

/** The next version after one: its last number, one more. */
function after(version: string): string {
  const found = /^(.*?)(\d+)(\D*)$/.exec(version);
  return found ? `${found[1]}${Number(found[2]) + 1}${found[3]}` : `${version}.1`;
}

function sentences(error: ApiError): string {
  const fields = error.body.errors as Record<string, readonly string[]> | undefined;
  const said = Object.values(fields ?? {}).flat();
  return said.length > 0 ? said.join(" ") : error.message;
}
