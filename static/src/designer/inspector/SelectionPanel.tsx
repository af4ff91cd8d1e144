import { plural } from "../../lib/format.ts";
import { Icon } from "../../lib/Icon.tsx";
import { titleOf } from "../actions/edit.ts";
import { CommonParameters } from "./CommonParameters.tsx";
import { command, keyNote } from "../commands/registry.ts";
import { useDoc } from "../state/doc.ts";
import { select, useUi } from "../state/ui.ts";

const ACTIONS = [
  "arrange.left",
  "arrange.centre",
  "arrange.right",
  "arrange.top",
  "arrange.middle",
  "arrange.bottom",
  "arrange.columns",
  "arrange.rows",
  "arrange.layout-selection",
  "edit.duplicate",
  "edit.delete",
  "edit.delete-heal",
] as const;

/** What can be done with several nodes at once. */
export function SelectionPanel() {
  const selection = useUi((ui) => ui.selection);
  const editable = useDoc((doc) => doc.editable);
  return (
    <div className="inspector__body">
      <header className="inspector__heading">
        <h2 className="inspector__title">{plural(selection.size, "node")} selected</h2>
      </header>
      <section className="inspector__section inspector__section-body">
        <div className="selection-actions">
          {ACTIONS.map((id) => {
            const { title, icon, ...found } = command(id);
            return (
              <button
                key={id}
                type="button"
                className="btn"
                disabled={!editable}
                title={title + keyNote(id)}
                onClick={() => found.do(null)}
              >
                {icon && <Icon name={icon} size={14} />}
                {title}
              </button>
            );
          })}
        </div>
        <ul className="selection-list" aria-label="Selected">
          {[...selection].map((id) => (
            <li key={id}>
              <button type="button" className="link-button" onClick={() => select([id])}>
                {titleOf(id)}
              </button>
            </li>
          ))}
        </ul>
      </section>
      <CommonParameters key={[...selection].join()} ids={selection} />
    </div>
  );
}
