import "./history.css";

import { useState } from "react";

import { flyToStep } from "../actions/focus.ts";
import { select } from "../state/ui.ts";
import { inputNodeId } from "../../graph/types.ts";
import type { Change } from "./marks.ts";
import { fieldWords, SIGNS } from "./fieldWords.ts";
import type { Comparison, DiffLine } from "./pastStore.ts";
import { usePast } from "./pastStore.ts";

/** What differs, as a list in words beside both as text. */
export function ChangesPanel() {
  const comparison = usePast((past) => past.comparison);
  const [quiet, setQuiet] = useState(true);
  if (!comparison)
    return <p className="drawer__empty">Nothing is compared. Choose “Compare with now” in the history.</p>;
  const { changes, diff, runs } = comparison;
  const moved = changes.filter((change) => change.kind === "moved").length;
  const listed = quiet ? changes.filter((change) => change.kind !== "moved") : changes;
  return (
    <div className="changes">
      <section aria-label="List of changes">
        {runs && <Runs comparison={comparison} />}
        {listed.length === 0 && <p className="changes__none">Nothing else than places differs.</p>}
        <ul className="changes__list">
          {listed.map((change) => (
            <Item key={`${change.kind} ${change.part} ${change.key}`} change={change} />
          ))}
        </ul>
        {moved > 0 && (
          <button type="button" className="btn" onClick={() => setQuiet(!quiet)}>
            {quiet ? `Show what only moved (${moved})` : "Hide what only moved"}
          </button>
        )}
      </section>
      <section aria-label="As YAML" className="changes__text" tabIndex={0}>
        {diff.length === 0 && <p className="changes__none">As YAML both are the same.</p>}
        <table>
          <tbody>
            {diff.map((line, index) => (
              <Line key={index} line={line} />
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Item({ change }: { change: Change }) {
  const { kind, part, key, words, fields } = change;
  const node = part === "node" ? key : part === "input" ? inputNodeId(key) : null;
  const target = node ?? (part === "edge" ? key.slice(0, key.indexOf(".")) : null);
  const go = () => {
    if (target === null) return;
    select([target]);
    void flyToStep(target);
  };
  return (
    <li className={`changes__item changes__item--${kind}`} data-testid={`change-${part}-${key}`}>
      <span className="diff-sign" aria-hidden="true">
        {SIGNS[kind]}
      </span>
      {target === null ? (
        <span>{words}</span>
      ) : (
        <button type="button" onClick={go}>
          {words}
        </button>
      )}
      {fields.length > 0 && (
        <ul>
          {fields.map((field) => (
            <li key={field.name}>{fieldWords(field)}</li>
          ))}
        </ul>
      )}
    </li>
  );
}

function Line({ line }: { line: DiffLine }) {
  const sign = line.kind === "added" ? "+" : line.kind === "removed" ? "−" : "";
  return (
    <tr className={`diff-line diff-line--${line.kind}`}>
      <td>{line.before}</td>
      <td>{line.after}</td>
      <td>{sign}</td>
      <td>{line.kind === "gap" ? "⋯" : line.text}</td>
    </tr>
  );
}

function Runs({ comparison: { before, after, runs } }: { comparison: Comparison }) {
  if (!runs) return null;
  const rows = [
    ...runs.inputs.map((input) => ({ key: `input ${input.name}`, label: input.name, ...input })),
    ...runs.metrics.map((metric) => ({
      key: `${metric.node} ${metric.metric}`,
      label: `${metric.node} › ${metric.metric}`,
      ...metric,
    })),
  ];
  if (rows.length === 0) return null;
  return (
    <table className="changes__runs" aria-label="Inputs and metrics">
      <thead>
        <tr>
          <th>Inputs and metrics</th>
          <th>{before.label}</th>
          <th>{after.label}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const [one, other] = [shown(row.before), shown(row.after)];
          return (
            <tr key={row.key} className={one === other ? "" : "is-different"}>
              <th scope="row">{row.label}</th>
              <td>{one}</td>
              <td>{other}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const shown = (value: unknown): string =>
  value === null || value === undefined
    ? "–"
    : typeof value === "number"
      ? String(Math.round(value * 1e6) / 1e6)
      : typeof value === "string"
        ? value
        : JSON.stringify(value);
