import { useId, useState } from "react";

import { ApiError } from "../../lib/api.ts";
import { DialogForm } from "../dialogs/DialogForm.tsx";
import { docStore } from "../state/doc.ts";
import { announce, setUi } from "../state/ui.ts";
import { publish, useHistory } from "./historyStore.ts";

/** A name and a note for a revision. */
export default function VersionDialog() {
  const rev = useHistory((state) => state.naming) ?? docStore.getState().rev ?? 0;
  const id = useId();
  const [name, setName] = useState("");
  const [note, setNote] = useState("");
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);

  const save = async () => {
    if (!name.trim()) return setFault("Give the version a name.");
    setBusy(true);
    try {
      await publish(rev, name.trim(), note.trim());
      setUi({ dialog: null });
      announce(`Revision ${rev} is now called ${name.trim()}.`);
    } catch (error) {
      setFault(error instanceof ApiError ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <DialogForm
      title={`Name revision ${rev}`}
      label="Name it"
      icon="tag"
      testId="save-version"
      busy={busy}
      fault={fault}
      send={save}
    >
      <p className="modal__text">
        A named version is found again in the history, and can be restored, run, compared and cloned by its
        name.
      </p>
      <div className="param">
        <label htmlFor={`${id}-name`}>Name</label>
        <input
          id={`${id}-name`}
          className="text-input"
          data-field=""
          data-testid="version-name"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <div className="param">
        <label htmlFor={`${id}-note`}>Note</label>
        <input
          id={`${id}-note`}
          className="text-input"
          maxLength={2000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
    </DialogForm>
  );
}
