import "./model-preview.css";

import { useState } from "react";

import { formatCount, formatNumber, formatValue } from "../format";
import { Icon } from "../Icon";
import { Note } from "../parts";
import type { PreviewProps } from "../PreviewCard";
import type { ModelPreview } from "../types";
import { JsonTree } from "./JsonTree";
import { metricLabel } from "./MetricsPreview";

const CHIPS = 24;
/** Shown in the head of the card, so not again among the rest. */
const HEAD = new Set(["kind", "name", "task", "target", "features", "parameters", "params", "metrics"]);

/** What a model is: its kind, what it predicts, from what, and how it was set. */
export function ModelPreviewBody({ preview, compact }: PreviewProps<ModelPreview>) {
  const summary = isRecord(preview.summary) ? preview.summary : {};
  if (Object.keys(summary).length === 0)
    return (
      <Note icon="brain" title="A model without a summary">
        Its files are there; there is no model.json to tell what it is.
      </Note>
    );
  const kind = text(summary["kind"]) ?? text(summary["name"]) ?? "Model";
  const facts = (["task", "target"] as const).flatMap((name) => {
    const value = text(summary[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  const features = featureNames(summary["features"]);
  const parameters = firstRecord(summary["parameters"], summary["params"]);
  const metrics = firstRecord(summary["metrics"]);
  const rest = Object.fromEntries(Object.entries(summary).filter(([name]) => !HEAD.has(name)));
  return (
    <div className="model-preview">
      <header>
        <span className="model-tile">
          <Icon name="brain" />
        </span>
        <div>
          <strong>{kind}</strong>
          <p className="model-facts">
            {facts.map(([name, value]) => (
              <span key={name}>
                <span className="muted">{name}</span> {value}
              </span>
            ))}
          </p>
        </div>
      </header>
      {features.length > 0 && <Features names={features} most={compact ? 6 : CHIPS} />}
      {!compact && metrics && <Rows title="Metrics" values={metrics} />}
      {!compact && parameters && <Rows title="Parameters" values={parameters} />}
      {!compact && Object.keys(rest).length > 0 && (
        <section>
          <h4>More</h4>
          <JsonTree value={rest} label="More about the model" />
        </section>
      )}
    </div>
  );
}

function Features({ names, most }: { names: string[]; most: number }) {
  const [all, setAll] = useState(false);
  const shown = all ? names : names.slice(0, most);
  return (
    <section>
      <h4>
        Features <span className="muted">{formatCount(names.length)}</span>
      </h4>
      <ul className="model-features">
        {shown.map((name, i) => (
          <li key={i} className="run-chip" title={name}>
            {name}
          </li>
        ))}
        {shown.length < names.length && (
          <li>
            <button type="button" className="model-more" onClick={() => setAll(true)}>
              {formatCount(names.length - shown.length)} more
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}

function Rows({ title, values }: { title: string; values: Record<string, unknown> }) {
  return (
    <section>
      <h4>{title}</h4>
      <table>
        <tbody>
          {Object.entries(values).map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{title === "Metrics" ? metricLabel(name) : name}</th>
              <td>{typeof value === "number" ? formatNumber(value) : formatValue(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

function firstRecord(...values: unknown[]): Record<string, unknown> | undefined {
  return values.filter(isRecord).find((value) => Object.keys(value).length > 0);
}

/** Names as a list of strings, or of objects that have a name, or as the keys of an object. */
function featureNames(value: unknown): string[] {
  if (isRecord(value)) return Object.keys(value);
  if (!Array.isArray(value)) return [];
  return value.map((item: unknown) =>
    isRecord(item) ? (text(item["name"]) ?? formatValue(item)) : formatValue(item),
  );
}
