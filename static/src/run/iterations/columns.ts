import { elapsed, formatDuration } from "../duration";
import { formatNumber, formatValue } from "../format";
import { statusLook } from "../status";
import type { Iteration } from "../types";

export interface Column {
  key: string;
  title: string;
  /** As CSS' grid-template-columns has it. */
  width: string;
  number: boolean;
  text: (row: Iteration) => string;
  /** What it is sorted by; null stands last. */
  rank: (row: Iteration) => number | string | null;
}

export interface Sorting {
  key: string;
  down: boolean;
}

/** So many inputs have a column of their own. */
const MOST_VALUES = 12;

const rankOf = (value: unknown): number | string | null =>
  typeof value === "number"
    ? value
    : typeof value === "boolean"
      ? Number(value)
      : value === null || value === undefined
        ? null
        : formatValue(value);

/** What an iteration is called, where that says more than its values. */
export function ownLabel({ label, values }: Iteration): string {
  const said = Object.entries(values).every(
    ([name, value]) => label.includes(name) || label === formatValue(value),
  );
  return Object.keys(values).length > 0 && said ? "" : label;
}

const shortValue = (value: unknown): string =>
  typeof value === "number" ? formatNumber(value, 4) : formatValue(value);

/** The columns that these iterations need: what none of them has is left out. */
export function columnsOf(rows: readonly Iteration[], metric: string | null): Column[] {
  const names = new Set<string>();
  for (const row of rows)
    for (const name of Object.keys(row.values)) if (names.size < MOST_VALUES) names.add(name);
  const columns: Column[] = [
    {
      key: "index",
      title: "#",
      width: "44px",
      number: true,
      text: (row) => String(row.index),
      rank: (row) => row.index,
    },
    {
      key: "status",
      title: "Status",
      width: "minmax(104px, 1fr)",
      number: false,
      text: (row) => statusLook(row.status).word,
      rank: (row) => statusLook(row.status).word,
    },
  ];
  if (rows.some((row) => ownLabel(row) !== "")) {
    columns.push({
      key: "label",
      title: "Item",
      width: "minmax(96px, 2fr)",
      number: false,
      text: ownLabel,
      rank: (row) => ownLabel(row) || null,
    });
  }
  if (metric !== null || rows.some((row) => row.metric !== null)) {
    columns.push({
      key: "metric",
      title: metric ?? "Metric",
      width: "minmax(84px, 1fr)",
      number: true,
      text: (row) => (row.metric === null ? "–" : formatNumber(row.metric, 5)),
      rank: (row) => row.metric,
    });
  }
  for (const name of names) {
    columns.push({
      key: `value ${name}`,
      title: name,
      width: "minmax(84px, 1fr)",
      number: rows.some((row) => typeof row.values[name] === "number"),
      text: (row) => shortValue(row.values[name]),
      rank: (row) => rankOf(row.values[name]),
    });
  }
  columns.push({
    key: "duration",
    title: "Took",
    width: "72px",
    number: true,
    text: (row) => (row.ended_at ? formatDuration(elapsed(row.started_at, row.ended_at, 0)) : ""),
    rank: (row) => (row.ended_at ? elapsed(row.started_at, row.ended_at, 0) : null),
  });
  return columns;
}

/** Rows in order of one column; where it has nothing they stand last either way, and ties keep their order. */
export function sorted(
  rows: readonly Iteration[],
  columns: readonly Column[],
  { key, down }: Sorting,
): readonly Iteration[] {
  const column = columns.find((each) => each.key === key);
  if (!column || (key === "index" && !down)) return rows;
  const ranked = rows.map((row) => [column.rank(row), row] as const);
  const turn = down ? -1 : 1;
  ranked.sort(([a], [b]) => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === "number" && typeof b === "number") return (a - b) * turn;
    return String(a).localeCompare(String(b), undefined, { numeric: true }) * turn;
  });
  return ranked.map(([, row]) => row);
}
