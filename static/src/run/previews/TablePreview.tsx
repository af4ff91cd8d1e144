import "./table-preview.css";

import { useId, useState } from "react";

import { columnTexts, formatCount, formatPercent, formatValue } from "../format";
import { Note } from "../parts";
import type { PreviewProps } from "../PreviewCard";
import type { TableColumn, TablePreview } from "../types";
import { ColumnStatistics, Histogram, missingShare } from "./ColumnStatistics";

/** Columns in the page at first: a table of thousands must not stop the browser. */
const COLUMNS = 40;
const ROWS = 100;
const NUMBER = /int|float|decimal|double|number|^u?i\d|^f\d/i;

/** First rows under column heads that tell name, type, what is missing and how values spread. */
export function TablePreviewBody({ preview, artifact, compact }: PreviewProps<TablePreview>) {
  const [chosen, setChosen] = useState<number | null>(null);
  const [more, setMore] = useState(1);
  const panel = useId();
  const all = Array.isArray(preview.columns) ? preview.columns : [];
  if (all.length === 0)
    return (
      <Note icon="table" title="A table without columns">
        There is nothing to show of it.
      </Note>
    );
  const columns = all.slice(0, compact ? 8 : COLUMNS * more);
  const rows = (Array.isArray(preview.rows) ? preview.rows : []).slice(0, compact ? 5 : ROWS);
  const count = preview.row_count ?? rows.length;
  const texts = columns.map((_, j) =>
    columnTexts(rows.map((row) => (Array.isArray(row) ? row[j] : undefined))),
  );
  const column = chosen === null ? undefined : all[chosen];
  return (
    <div className="table-preview">
      <div
        className="table-scroll"
        tabIndex={0}
        role="region"
        aria-label={`First rows of ${artifact.output}`}
      >
        <table>
          <thead>
            <tr>
              <th className="table-index" aria-label="Row" />
              {columns.map((entry, i) => (
                <th
                  key={i}
                  scope="col"
                  data-chosen={i === chosen || undefined}
                  data-missing={missingShare(entry, count) > 0 || undefined}
                >
                  {compact ? (
                    <span className="table-name">{entry.name}</span>
                  ) : (
                    <button
                      type="button"
                      aria-expanded={i === chosen}
                      aria-controls={panel}
                      title={hint(entry, count)}
                      onClick={() => setChosen(i === chosen ? null : i)}
                    >
                      <span className="table-name">{entry.name}</span>
                      <span className="table-type">
                        {entry.type ?? ""}
                        <Missing column={entry} count={count} />
                      </span>
                      <MiniSpread column={entry} count={count} />
                    </button>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((_, i) => (
              <tr key={i}>
                <th scope="row" className="table-index">
                  {i + 1}
                </th>
                {columns.map((entry, j) => (
                  <Cell key={j} text={texts[j]?.[i] ?? null} number={isNumber(entry)} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div id={panel}>
        {column && (
          <ColumnStatistics key={chosen} column={column} count={count} close={() => setChosen(null)} />
        )}
      </div>
      <footer className="table-foot">
        <span>
          {formatCount(count)} {count === 1 ? "row" : "rows"} × {formatCount(all.length)}{" "}
          {all.length === 1 ? "column" : "columns"}
          {rows.length < count && `, first ${formatCount(rows.length)} shown`}
        </span>
        {!compact && columns.length < all.length && (
          <button type="button" className="run-button" onClick={() => setMore(more + 2)}>
            Show more columns ({formatCount(all.length - columns.length)} left)
          </button>
        )}
      </footer>
    </div>
  );
}

const isNumber = (column: TableColumn) => NUMBER.test(column.type ?? "");

function hint(column: TableColumn, count: number): string {
  const share = missingShare(column, count);
  const parts = [column.name, column.type ?? ""];
  if (share > 0) parts.push(`${formatPercent(share)} missing`);
  if (column.min !== null && column.min !== undefined)
    parts.push(`${formatValue(column.min)} to ${formatValue(column.max)}`);
  if (typeof column.mean === "number") parts.push(`mean ${formatValue(column.mean)}`);
  if (typeof column.distinct === "number") parts.push(`${formatCount(column.distinct)} distinct`);
  return parts.filter((part) => part !== "").join("\n");
}

function Missing({ column, count }: { column: TableColumn; count: number }) {
  const share = missingShare(column, count);
  return share > 0 ? <span className="table-missing">{formatPercent(share)} missing</span> : null;
}

function MiniSpread({ column, count }: { column: TableColumn; count: number }) {
  if (Array.isArray(column.histogram) && column.histogram.length > 0)
    return <Histogram counts={column.histogram} height={22} />;
  const top = Array.isArray(column.top) ? column.top.slice(0, 2) : [];
  if (top.length === 0 || column.distinct === count) {
    const distinct = typeof column.distinct === "number" ? `${formatCount(column.distinct)} distinct` : "";
    return <span className="table-spread muted">{distinct}</span>;
  }
  return (
    <span className="table-spread">
      {top.map(([value, times], i) => (
        <span key={i} className="table-top">
          <span className="table-top-bar" style={{ width: `${count > 0 ? (100 * times) / count : 0}%` }} />
          <span className="table-top-value">{formatValue(value)}</span>
        </span>
      ))}
    </span>
  );
}

function Cell({ text, number }: { text: string | null; number: boolean }) {
  if (text === null)
    return (
      <td className="table-null" data-number={number || undefined}>
        null
      </td>
    );
  return (
    <td data-number={number || undefined} title={text.length > 24 ? text.slice(0, 500) : undefined}>
      {text.length > 200 ? `${text.slice(0, 200)}…` : text}
    </td>
  );
}
