import { plural } from "../../lib/format.ts";
import { Icon } from "../../lib/Icon.tsx";
import { duplicate } from "../actions/clipboard.ts";
import { arrange, removeSelected, titleOf } from "../actions/edit.ts";
import { layoutGraph } from "../actions/layout.ts";
import { useDoc } from "../state/doc.ts";
import { select, useUi } from "../state/ui.ts";

/** What can be done with several nodes at once. */
export function SelectionPanel() {
  const selection = useUi((ui) => ui.selection);
  const editable = useDoc((doc) => doc.editable);
  const actions: [string, string, () => void][] = [
    ["Align left", "align-start-vertical", () => arrange("left")],
    ["Align top", "align-start-horizontal", () => arrange("top")],
    ["Distribute across", "align-horizontal-space-between", () => arrange("columns")],
    ["Distribute down", "align-vertical-space-between", () => arrange("rows")],
    ["Lay out", "layout-dashboard", () => void layoutGraph([...selection])],
    ["Duplicate", "copy-plus", duplicate],
    ["Delete", "trash-2", () => removeSelected()],
    ["Delete and join wires", "git-merge", () => removeSelected(true)],
  ];
  return (
    <div className="inspector__body">
      <header className="inspector__heading">
        <h2 className="inspector__title">{plural(selection.size, "node")} selected</h2>
      </header>
      <section className="inspector__section inspector__section-body">
        <div className="selection-actions">
          {actions.map(([label, icon, run]) => (
            <button key={label} type="button" className="btn" disabled={!editable} onClick={run}>
              <Icon name={icon} size={14} />
              {label}
            </button>
          ))}
        </div>
        <ul className="selection-list">
          {[...selection].map((id) => (
            <li key={id}>
              <button type="button" className="link-button" onClick={() => select([id])}>
                {titleOf(id)}
              </button>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
