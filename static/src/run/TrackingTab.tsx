import "./tracking-tab.css";

import { lazy, Suspense, useEffect, useState } from "react";

import { useJson } from "./api";
import { formatNumber } from "./format";
import { Icon } from "./Icon";
import { Boundary, Note, Skeleton } from "./parts";
import type { RunSocket, StepState, TrackedMetric, Tracking } from "./types";

const ChartPreviewBody = lazy(() => import("./previews/ChartPreview"));

/** So many metrics are drawn; of the others the last value is told. */
const DRAWN = 24;

interface Asked {
  api: string;
  runId: number;
  node: string;
  step: StepState;
  socket: RunSocket | undefined;
}

/** What a step logged with MLflow so far, asked for again when there is more; null until it is known. */
export function useTracking({ api, runId, node, step, socket }: Asked): Tracking | null {
  const [told, setTold] = useState(0);
  useEffect(
    () =>
      socket?.listen((events) => {
        if (events.some((event) => event.type === "step.metrics" && event.data.node === node))
          setTold((n) => n + 1);
      }),
    [socket, node],
  );
  const [answer] = useJson<Tracking>(`${api}runs/${runId}/steps/${encodeURIComponent(node)}/tracking/`, {
    version: `${step.status}/${step.attempt}/${told}`,
  });
  return answer.state === "ready" ? answer.value : null;
}

export const hasTracking = (tracking: Tracking | null): tracking is Tracking =>
  tracking !== null &&
  [tracking.params, tracking.tags, tracking.metrics, tracking.models, tracking.children].some(
    (part) => Object.keys(part).length > 0,
  );

/** Metrics as they went, parameters, tags, models and child runs. Files that were logged are among the outputs. */
export function TrackingTab({ api, tracking }: { api: string; tracking: Tracking }) {
  const metrics = Object.entries(tracking.metrics);
  const courses = metrics.filter(([, metric]) => metric.points.length > 1).slice(0, DRAWN);
  return (
    <div className="tracking">
      {metrics.length > 0 && (
        <dl className="metric-tiles">
          {metrics.map(([name, metric]) => (
            <div key={name} className="metric-tile">
              <dt title={name}>{name}</dt>
              <dd title={String(metric.last)}>{metric.last === null ? "–" : formatNumber(metric.last)}</dd>
            </div>
          ))}
        </dl>
      )}
      {courses.map(([name, metric]) => (
        <section key={name} className="tracking-course" aria-label={`Course of ${name}`}>
          <h3>{name}</h3>
          <Boundary
            key={metric.count}
            fallback={<Note icon="chart-line" title="The chart cannot be drawn" />}
          >
            <Suspense fallback={<Skeleton lines={4} label="Loading the chart" />}>
              <Course api={api} name={name} metric={metric} />
            </Suspense>
          </Boundary>
        </section>
      ))}
      <Pairs title="Parameters" pairs={tracking.params} />
      <Pairs title="Tags" pairs={tracking.tags} />
      {tracking.models.length > 0 && (
        <section>
          <h3>Models</h3>
          <ul className="tracking-models">
            {tracking.models.map((model, i) => (
              <li key={i}>
                <Icon name="brain" />
                {"path" in model ? (
                  <>
                    <code>{model.path}</code> among the artifacts
                  </>
                ) : (
                  <>
                    registered as <code>{model.registered}</code>
                  </>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {tracking.children.length > 0 && <Children runs={tracking.children} />}
    </div>
  );
}

/** One metric by step, or by time where all of it was logged at one step. */
function Course({ api, name, metric }: { api: string; name: string; metric: TrackedMetric }) {
  const steps = new Set(metric.points.map(([step]) => step));
  const byStep = steps.size > 1;
  const spec = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    height: 140,
    data: { values: metric.points.map(([step, value, at]) => ({ step, value, at })) },
    mark: { type: "line", point: metric.points.length <= 40, tooltip: true },
    encoding: {
      x: byStep
        ? { field: "step", type: "quantitative", title: "Step" }
        : { field: "at", type: "temporal", title: "Time" },
      y: { field: "value", type: "quantitative", title: null, scale: { zero: false } },
    },
  };
  const artifact = {
    id: 0,
    output: name,
    type: "uri_file",
    kind: "chart" as const,
    size: 0,
    digest: "",
  };
  return <ChartPreviewBody api={api} artifact={artifact} preview={{ kind: "chart", spec }} compact={false} />;
}

function Pairs({ title, pairs }: { title: string; pairs: Record<string, string> }) {
  const entries = Object.entries(pairs).sort(([a], [b]) => a.localeCompare(b));
  if (entries.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <table className="tracking-table">
        <tbody>
          {entries.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Children({ runs }: { runs: Tracking["children"] }) {
  const params = [...new Set(runs.flatMap((run) => Object.keys(run.params)))].slice(0, 6);
  const metrics = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))].slice(0, 4);
  return (
    <section>
      <h3>Child runs</h3>
      <div className="tracking-scroll">
        <table className="tracking-table">
          <thead>
            <tr>
              {["Run", ...params, ...metrics].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {runs.map((run, i) => (
              <tr key={i}>
                <th scope="row">{run.name}</th>
                {params.map((name) => (
                  <td key={name}>{run.params[name] ?? ""}</td>
                ))}
                {metrics.map((name) => (
                  <td key={name}>{name in run.metrics ? formatNumber(run.metrics[name]!) : ""}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
