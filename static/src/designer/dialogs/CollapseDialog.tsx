import { useId, useState } from "react";

import { plural } from "../../lib/format.ts";
import { Icon } from "../../lib/Icon.tsx";
import { collapseInto, collapsible, proposedTitle } from "../actions/collapse.ts";
import { useDoc } from "../state/doc.ts";
import { setUi, useUi } from "../state/ui.ts";
import { Dialog } from "./Dialog.tsx";

const slug = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .replace(/^(?=[0-9])/, "_") || "part";

/** What is selected, as one step that other pipelines may use too. */
export default function CollapseDialog() {
  const id = useId();
  const components = useDoc((doc) => doc.components);
  useUi((ui) => ui.selection);
  const nodes = collapsible();
  const [title, setTitle] = useState(proposedTitle);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const name = slug(title);
  const known = components.find((face) => face.name === name);

  const make = async () => {
    setBusy(true);
    setFault(await collapseInto(nodes, name, title.trim()));
    setBusy(false);
  };
  return (
    <Dialog title="Make a component">
      <form
        className="run-form component-form"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <p className="modal__text">
          {plural(nodes.length, "node")} {nodes.length === 1 ? "becomes" : "become"} one step. Every wire that
          leads in or out gets a port. Other pipelines can use it, and it can be laid out again.
        </p>
        <div className="param">
          <label htmlFor={`${id}-title`}>Title</label>
          <input
            id={`${id}-title`}
            className="text-input"
            data-field="title"
            required
            maxLength={200}
            value={title}
            onChange={(event) => setTitle(event.target.value)}
          />
          <p className="param__help">
            {known && !known.pipeline
              ? `There is a component ${name} that is no pipeline: choose another title.`
              : known
                ? `A new version of ${name}, of which there is ${known.version}.`
                : `Its name is ${name}.`}
          </p>
        </div>
        {fault && (
          <p className="param__error" role="alert">
            <Icon name="triangle-alert" size={12} />
            {fault}
          </p>
        )}
        <footer className="modal__footer">
          <button type="button" className="btn" onClick={() => setUi({ dialog: null })}>
            Cancel
          </button>
          <button type="submit" className="btn btn--primary" disabled={busy} data-testid="make-component">
            <Icon name="package-plus" size={14} />
            {busy ? "Making…" : "Make it"}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
