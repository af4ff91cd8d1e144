import type { ClipboardEvent } from "react";
import { useState } from "react";

import type { Item } from "../../../graph/control.ts";
import type { InputPort, Scalar } from "../../../graph/types.ts";
import { fault, readValue, showValue } from "../../../graph/values.ts";
import { Icon } from "../../../lib/Icon.tsx";
import { useDraft } from "../../widgets/draft.ts";
import { columnsOf } from "./given.ts";

type Row = Readonly<Record<string, Scalar>>;

/** So many rows are shown at first: a longer list is quicker as JSON. */
const SHOWN = 100;

interface Props {
  items: readonly Item[];
  input: string | null;
  ports: readonly InputPort[];
  disabled: boolean;
  onChange: (items: readonly Row[]) => void;
}

/** A list of items as a table: a column an input, a row an iteration. Cells copied from a spreadsheet can be pasted. */
export function ItemsTable({ items, input, ports, disabled, onChange }: Props) {
  const [added, setAdded] = useState<readonly string[]>([]);
  const columns = [...new Set([...columnsOf(items, input), ...added])].filter((name) =>
    ports.some((port) => port.name === name),
  );
  const rows: Row[] = items.map((item) =>
    typeof item === "object" ? item : input === null ? {} : { [input]: item },
  );
  const free = ports.filter((port) => !columns.includes(port.name));
  const portOf = (name: string) => ports.find((port) => port.name === name)!;

  const put = (at: number, name: string, value: Scalar | null) => {
    const row = { ...rows[at] };
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a table by name
    if (value === null) delete row[name];
    else row[name] = value;
    onChange(rows.map((each, index) => (index === at ? row : each)));
  };
  const paste = (event: ClipboardEvent, at: number, column: number) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    const next = [...rows];
    for (const [down, line] of text.split(/\r?\n/).entries()) {
      const row: Record<string, Scalar> = { ...next[at + down] };
      for (const [across, cell] of line.split("\t").entries()) {
        const name = columns[column + across];
        const value = name === undefined ? null : readValue(portOf(name).type, cell);
        if (name !== undefined && value !== null) row[name] = value;
      }
      next[at + down] = row;
    }
    onChange(next);
  };
  const dropColumn = (name: string) => {
    setAdded(added.filter((each) => each !== name));
    onChange(rows.map((row) => Object.fromEntries(Object.entries(row).filter(([each]) => each !== name))));
  };

  if (ports.length === 0)
    return <p className="inspector__hint">This component has no parameters that items could set.</p>;
  return (
    <div className="items-table">
      <div className="items-table__scroll">
        <table aria-label="Items">
          <thead>
            <tr>
              <th scope="col" aria-label="Number" />
              {columns.map((name) => (
                <th key={name} scope="col">
                  <span>{portOf(name).label}</span>
                  {columns.length > 1 && (
                    <button
                      type="button"
                      className="btn-icon"
                      disabled={disabled}
                      aria-label={`Remove the column ${portOf(name).label}`}
                      title="Remove the column"
                      onClick={() => dropColumn(name)}
                    >
                      <Icon name="x" size={12} />
                    </button>
                  )}
                </th>
              ))}
              <th scope="col" aria-label="Remove" />
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map((row, at) => (
              <tr key={at}>
                <th scope="row">{at}</th>
                {columns.map((name, column) => (
                  <td key={name}>
                    <Cell
                      port={portOf(name)}
                      row={at}
                      value={row[name] ?? null}
                      disabled={disabled}
                      onCommit={(value) => put(at, name, value)}
                      onPaste={(event) => paste(event, at, column)}
                    />
                  </td>
                ))}
                <td>
                  <button
                    type="button"
                    className="btn-icon"
                    disabled={disabled}
                    aria-label={`Remove item ${at}`}
                    title="Remove"
                    onClick={() => onChange(rows.filter((_, index) => index !== at))}
                  >
                    <Icon name="x" size={12} />
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > SHOWN && (
        <p className="param__help">
          The first {SHOWN} of {rows.length} items; all of them are under JSON.
        </p>
      )}
      <div className="items-table__foot">
        <button
          type="button"
          className="btn"
          disabled={disabled || columns.length === 0}
          onClick={() => onChange([...rows, {}])}
        >
          <Icon name="plus" size={14} />
          Item
        </button>
        {free.length > 0 && (
          <select
            className="text-input"
            aria-label="Add a column"
            value=""
            disabled={disabled}
            onChange={(event) => setAdded([...added, event.target.value])}
          >
            <option value="">Add a column…</option>
            {free.map((port) => (
              <option key={port.name} value={port.name}>
                {port.label}
              </option>
            ))}
          </select>
        )}
      </div>
    </div>
  );
}

interface CellProps {
  port: InputPort;
  row: number;
  value: Scalar | null;
  disabled: boolean;
  onCommit: (value: Scalar | null) => void;
  onPaste: (event: ClipboardEvent) => void;
}

function Cell({ port, row, value, disabled, onCommit, onPaste }: CellProps) {
  const text = useDraft(showValue(value), (next) =>
    onCommit(next === "" ? null : readValue(port.type, next)),
  );
  const wrong = value === null ? "" : fault(port, value);
  return (
    <input
      aria-label={`${port.label} of item ${row}`}
      aria-invalid={wrong ? true : undefined}
      title={wrong || undefined}
      placeholder={showValue(port.default)}
      value={text.draft}
      disabled={disabled}
      spellCheck={false}
      onChange={(event) => text.setDraft(event.target.value)}
      onBlur={text.commit}
      onPaste={onPaste}
      onKeyDown={(event) => {
        if (event.key === "Enter") text.commit();
        if (event.key === "Escape") text.revert();
      }}
    />
  );
}
