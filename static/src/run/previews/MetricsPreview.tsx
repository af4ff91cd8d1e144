import "./metrics-preview.css";

import { columnTexts, formatNumber } from "../format";
import { Note } from "../parts";
import type { PreviewProps } from "../PreviewCard";
import type { MetricsPreview } from "../types";
import { JsonTree } from "./JsonTree";

/** The numbers that say how good it is, large; the rest below. */
export function MetricsPreviewBody({ preview, compact }: PreviewProps<MetricsPreview>) {
  const values = Object.entries(preview.values ?? {}).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number",
  );
  const shown = compact ? values.slice(0, 4) : values;
  const { detail } = preview;
  const hasDetail = typeof detail === "object" && detail !== null && Object.keys(detail).length > 0;
  if (values.length === 0 && !hasDetail) return <Note icon="gauge" title="No metrics were written" />;
  return (
    <div className="metrics">
      <dl className="metric-tiles">
        {shown.map(([name, value]) => (
          <div key={name} className="metric-tile">
            <dt title={name}>{metricLabel(name)}</dt>
            <dd title={String(value)}>{formatNumber(value)}</dd>
          </div>
        ))}
      </dl>
      {!compact && hasDetail && <Detail detail={detail} />}
    </div>
  );
}

const SHORT = new Set(["auc", "roc", "mae", "mse", "rmse", "mape", "r2", "f1", "pr", "mcc"]);

/** `roc_auc` as `ROC AUC`, `mean_absolute_error` as `Mean absolute error`. */
export function metricLabel(name: string): string {
  const words = name
    .split(/[_\s]+/)
    .filter((word) => word !== "")
    .map((word) => (SHORT.has(word.toLowerCase()) ? word.toUpperCase() : word));
  const text = words.join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

type Numbers = Record<string, unknown>;

const isRecord = (value: unknown): value is Numbers =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isFlat = (value: unknown): value is Numbers =>
  isRecord(value) && Object.values(value).every((cell) => typeof cell !== "object" || cell === null);

/** Rows by name, of records of records (a report for each class) or of a list of records that begin with a name. */
export function tableRows(value: unknown): Record<string, Numbers> | null {
  if (Array.isArray(value)) {
    const named = value.map((row: unknown) => (isFlat(row) ? Object.entries(row) : []));
    const names = new Set(named.map(([first]) => (typeof first?.[1] === "string" ? first[1] : null)));
    if (value.length === 0 || names.has(null) || names.size < value.length) return null;
    return Object.fromEntries(
      named.map(([first, ...rest]): [string, Numbers] => [String(first![1]), Object.fromEntries(rest)]),
    );
  }
  return isRecord(value) && Object.keys(value).length > 0 && Object.values(value).every(isFlat)
    ? (value as Record<string, Numbers>)
    : null;
}

/** What has the shape of a table as one; anything else as a tree. */
function Detail({ detail }: { detail: object }) {
  const entries = Object.entries(detail) as [string, unknown][];
  const tables = entries.flatMap(([name, value]) => {
    const rows = tableRows(value);
    return rows ? [[name, rows] as const] : [];
  });
  const shown = new Set(tables.map(([name]) => name));
  const rest = Object.fromEntries(entries.filter(([name]) => !shown.has(name)));
  return (
    <>
      {tables.map(([name, value]) => (
        <DetailTable key={name} name={name} rows={value} />
      ))}
      {Object.keys(rest).length > 0 && <JsonTree value={rest} label="Detail" />}
    </>
  );
}

function DetailTable({ name, rows }: { name: string; rows: Record<string, Numbers> }) {
  const columns = [...new Set(Object.values(rows).flatMap((row) => Object.keys(row)))];
  const texts = columns.map((column) => columnTexts(Object.values(rows).map((row) => rounded(row[column]))));
  return (
    <div className="metric-detail" tabIndex={0} role="region" aria-label={metricLabel(name)}>
      <table>
        <caption>{metricLabel(name)}</caption>
        <thead>
          <tr>
            <td />
            {columns.map((column) => (
              <th key={column} scope="col">
                {metricLabel(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Object.keys(rows).map((row, i) => (
            <tr key={row}>
              <th scope="row">{row}</th>
              {columns.map((column, j) => (
                <td key={column}>{texts[j]?.[i]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** To four digits, as in the tiles. */
const rounded = (value: unknown) =>
  typeof value === "number" && Math.abs(value) < 1000 ? Number(value.toPrecision(4)) : value;
