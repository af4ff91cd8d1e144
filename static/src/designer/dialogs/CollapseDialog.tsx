import { useId, useState } from "react";

import { plural } from "../../lib/format.ts";
import { collapseInto, collapsible, proposedTitle } from "../actions/collapse.ts";
import { useDoc } from "../state/doc.ts";
import { useUi } from "../state/ui.ts";
import { componentName } from "./componentName.ts";
import { DialogForm } from "./DialogForm.tsx";

/** What is selected, as one step that other pipelines may use too. */
export default function CollapseDialog() {
  const id = useId();
  const components = useDoc((doc) => doc.components);
  useUi((ui) => ui.selection);
  const nodes = collapsible();
  const [title, setTitle] = useState(proposedTitle);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const name = componentName(title, "part");
  const known = components.find((face) => face.name === name);

  const make = async () => {
    setBusy(true);
    setFault(await collapseInto(nodes, name, title.trim()));
    setBusy(false);
  };
  return (
    <DialogForm
      title="Make a component"
      label="Make it"
      busyLabel="Making…"
      icon="package-plus"
      testId="make-component"
      busy={busy}
      fault={fault}
      send={make}
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
    </DialogForm>
  );
}
