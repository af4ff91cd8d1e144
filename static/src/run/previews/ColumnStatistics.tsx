import { formatCount, formatPercent, formatValue } from "../format";
import { Icon } from "../Icon";
import type { TableColumn } from "../types";

/** Share of values that are missing. */
export function missingShare(column: TableColumn, count: number): number {
  return typeof column.missing === "number" && count > 0 ? Math.min(1, column.missing / count) : 0;
}

/** Bars of counts, the tallest as high as there is room for; any count above zero can be seen. */
export function Histogram({ counts, height }: { counts: number[]; height: number }) {
  const numbers = counts.map((count) => (Number.isFinite(count) && count > 0 ? count : 0));
  const most = Math.max(1, ...numbers);
  return (
    <svg
      className="histogram"
      viewBox={`0 0 ${numbers.length} ${height}`}
      preserveAspectRatio="none"
      style={{ height }}
      aria-hidden="true"
    >
      {numbers.map((count, i) => {
        const tall = count === 0 ? 0 : Math.max(1.5, (count / most) * height);
        return <rect key={i} x={i + 0.06} y={height - tall} width={0.88} height={tall} />;
      })}
    </svg>
  );
}

/** All that is known of one column. */
export function ColumnStatistics({
  column,
  count,
  close,
}: {
  column: TableColumn;
  count: number;
  close: () => void;
}) {
  const share = missingShare(column, count);
  const facts: [string, string][] = [
    ["Missing", share > 0 ? `${formatCount(column.missing ?? 0)} (${formatPercent(share)})` : "none"],
  ];
  if (typeof column.distinct === "number") facts.push(["Distinct", formatCount(column.distinct)]);
  for (const [name, value] of [
    ["Smallest", column.min],
    ["Mean", column.mean],
    ["Largest", column.max],
  ] as const)
    if (value !== null && value !== undefined) facts.push([name, formatValue(value)]);
  const top = Array.isArray(column.top) ? column.top : [];
  const histogram = Array.isArray(column.histogram) ? column.histogram : [];
  return (
    <section className="column-statistics" aria-label={`Statistics of ${column.name}`}>
      <header>
        <h4>{column.name}</h4>
        <span className="run-chip">{column.type}</span>
        <button
          type="button"
          className="run-button plain"
          onClick={close}
          aria-label="Close statistics"
          title="Close"
        >
          <Icon name="x" />
        </button>
      </header>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {histogram.length > 0 && (
        <figure>
          <Histogram counts={histogram} height={64} />
          <figcaption>
            <span>{formatValue(column.min)}</span>
            <span>{formatValue(column.max)}</span>
          </figcaption>
        </figure>
      )}
      {top.length > 0 && histogram.length === 0 && (
        <ol className="column-top">
          {top.map(([value, times], i) => (
            <li key={i}>
              <span className="column-top-value">{formatValue(value)}</span>
              <span className="column-top-bar">
                <span style={{ width: `${count > 0 ? (100 * times) / count : 0}%` }} />
              </span>
              <span>{formatCount(times)}</span>
              <span className="muted">{count > 0 ? formatPercent(times / count) : ""}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
