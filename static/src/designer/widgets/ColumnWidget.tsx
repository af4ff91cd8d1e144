import { useState } from "react";

import { joinNames, showValue, splitNames } from "../../graph/values.ts";
import { Icon } from "../../lib/Icon.tsx";
import { useDraft } from "./draft.ts";
import { useKnownColumns } from "./knownColumns.ts";
import type { WidgetProps } from "./Widget.tsx";

function Hint({ known, fed }: { known: readonly string[] | null; fed: boolean }) {
  if (known) return null;
  return (
    <p className="param__hint">
      {fed
        ? "Run once to choose from the table's columns."
        : "Wire a table first, to choose from its columns."}
    </p>
  );
}

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
  const { known, fed } = useKnownColumns(node, port.columns_of);
  const text = useDraft(showValue(value), (next) => onCommit(next === "" ? null : next));
  return (
    <>
      <input
        id={id}
        className="text-input"
        data-field={port.name}
        list={`${id}-columns`}
        value={text.draft}
        placeholder={showValue(port.default) || "Column"}
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        disabled={disabled}
        autoComplete="off"
        onChange={(event) => {
          text.setDraft(event.target.value);
          if (known?.includes(event.target.value)) onCommit(event.target.value);
        }}
        onBlur={text.commit}
        onKeyDown={(event) => event.key === "Enter" && text.commit()}
      />
      <datalist id={`${id}-columns`}>
        {known?.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Hint known={known} fed={fed} />
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
  const { known, fed } = useKnownColumns(node, port.columns_of);
  const [draft, setDraft] = useState("");
  const names = splitNames(showValue(value ?? port.default));
  const set = (next: readonly string[]) => onCommit(next.length === 0 ? null : joinNames(next));
  const add = (name: string) => {
    const fresh = splitNames(name).filter((each) => !names.includes(each));
    setDraft("");
    if (fresh.length > 0) set([...names, ...fresh]);
  };
  const left = known?.filter((name) => !names.includes(name)) ?? [];
  return (
    <>
      <div className={`chips${disabled ? " is-disabled" : ""}`}>
        {names.map((name) => (
          <span key={name} className={`chips__chip${known && !known.includes(name) ? " is-unknown" : ""}`}>
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
        <input
          id={id}
          data-field={port.name}
          list={`${id}-columns`}
          value={draft}
          placeholder={names.length === 0 ? (port.optional ? "All columns" : "Column") : "Add…"}
          aria-describedby={describedBy}
          aria-invalid={invalid || undefined}
          disabled={disabled}
          autoComplete="off"
          onChange={(event) => {
            if (known?.includes(event.target.value)) add(event.target.value);
            else setDraft(event.target.value);
          }}
          onBlur={() => add(draft)}
          onKeyDown={(event) => {
            if (event.key === "Enter" || event.key === ",") {
              event.preventDefault();
              add(draft);
            }
            if (event.key === "Backspace" && draft === "") set(names.slice(0, -1));
          }}
        />
      </div>
      <datalist id={`${id}-columns`}>
        {left.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {known && (
        <div className="chips__actions">
          <button type="button" className="link-button" disabled={disabled} onClick={() => set(known)}>
            All
          </button>
          <button type="button" className="link-button" disabled={disabled} onClick={() => set([])}>
            None
          </button>
        </div>
      )}
      <Hint known={known} fed={fed} />
    </>
  );
}
