import { useState } from "react";

import { joinNames, showValue, splitNames } from "../../graph/values.ts";
import { Icon } from "../../lib/Icon.tsx";
import type { Known } from "../data/columns.ts";
import { useKnownColumns } from "../data/columns.ts";
import { ColumnInput } from "./ColumnInput.tsx";
import { useDraft } from "./draft.ts";
import type { WidgetProps } from "./Widget.tsx";

function Hint({ known }: { known: Known }) {
  if (known.columns === null)
    return (
      <p className="param__hint">
        {known.fed
          ? "The columns are known after a run; until then, type their names."
          : "Wire a table first, to choose from its columns."}
      </p>
    );
  if (known.more) return <p className="param__hint">The table may have more columns than are listed.</p>;
  return null;
}

const NO_COLUMNS: never[] = [];

/** One column of the wired table. */
export function ColumnWidget({
  id,
  node,
  port,
  value,
  describedBy,
  invalid,
  disabled,
  onCommit,
}: WidgetProps) {
  const known = useKnownColumns(node, port.columns_of);
  const text = useDraft(showValue(value), (next) => onCommit(next === "" ? null : next));
  return (
    <>
      <ColumnInput
        id={id}
        field={port.name}
        text={text.draft}
        placeholder={showValue(port.default) || "Column"}
        columns={known.columns ?? NO_COLUMNS}
        describedBy={describedBy}
        invalid={invalid}
        disabled={disabled}
        onText={text.setDraft}
        onPick={(name) => {
          text.setDraft(name);
          onCommit(name);
        }}
        onEnter={text.commit}
        onBlur={text.commit}
        onEscape={text.revert}
      />
      <Hint known={known} />
    </>
  );
}

/** Several columns, as chips. */
export function ColumnsWidget({
  id,
  node,
  port,
  value,
  describedBy,
  invalid,
  disabled,
  onCommit,
}: WidgetProps) {
  const known = useKnownColumns(node, port.columns_of);
  const [draft, setDraft] = useState("");
  const names = splitNames(showValue(value ?? port.default));
  const set = (next: readonly string[]) => onCommit(next.length === 0 ? null : joinNames(next));
  const add = (name: string) => {
    const fresh = splitNames(name).filter((each) => !names.includes(each));
    setDraft("");
    if (fresh.length > 0) set([...names, ...fresh]);
  };
  const left = known.columns?.filter((column) => !names.includes(column.name)) ?? NO_COLUMNS;
  const isUnknown = (name: string) =>
    known.columns !== null && !known.more && !known.columns.some((column) => column.name === name);
  return (
    <>
      <div className={`chips${disabled ? " is-disabled" : ""}`}>
        {names.map((name) => (
          <span
            key={name}
            className={`chips__chip${isUnknown(name) ? " is-unknown" : ""}`}
            title={isUnknown(name) ? "Not in the table" : undefined}
          >
            {name}
            <button
              type="button"
              aria-label={`Remove ${name}`}
              disabled={disabled}
              onClick={() => set(names.filter((each) => each !== name))}
            >
              <Icon name="x" size={12} />
            </button>
          </span>
        ))}
        <ColumnInput
          id={id}
          field={port.name}
          text={draft}
          placeholder={names.length === 0 ? (port.optional ? "All columns" : "Column") : "Add…"}
          columns={left}
          describedBy={describedBy}
          invalid={invalid}
          disabled={disabled}
          onText={setDraft}
          onPick={(name) => add(joinNames([name]))}
          onEnter={() => add(draft)}
          onBlur={() => add(draft)}
          onBack={() => set(names.slice(0, -1))}
        />
      </div>
      {known.columns && (
        <div className="chips__actions">
          <button
            type="button"
            className="link-button"
            disabled={disabled}
            onClick={() => set(known.columns!.map((column) => column.name))}
          >
            All
          </button>
          <button type="button" className="link-button" disabled={disabled} onClick={() => set([])}>
            None
          </button>
        </div>
      )}
      <Hint known={known} />
    </>
  );
}
