/** What a sweep's trials look like as Vega-Lite: data and marks only, the page adds its colours. */

import type { Iteration } from "../types";

export interface Goal {
  goal: "maximize" | "minimize";
  metric: string;
}

export type Chart =
  { kind: "trials" } | { kind: "courses" } | { kind: "all" } | { kind: "input"; name: string };

export interface Choice {
  id: string;
  label: string;
  chart: Chart;
}

type Spec = Record<string, unknown>;

const measured = (rows: readonly Iteration[]) => rows.filter((row) => row.metric !== null);

/** The inputs that the trials differ in. */
export function searched(rows: readonly Iteration[]): string[] {
  const values = new Map<string, Set<unknown>>();
  for (const row of rows) {
    for (const [name, value] of Object.entries(row.values)) {
      const seen = values.get(name);
      if (seen) seen.add(value);
      else values.set(name, new Set([value]));
    }
  }
  return [...values].filter(([, seen]) => seen.size > 1).map(([name]) => name);
}

/** The charts that say something of these trials. */
export function chartsOf(rows: readonly Iteration[], { metric }: Goal): Choice[] {
  const inputs = searched(rows);
  const choices: Choice[] = [{ id: "trials", label: `${metric} by trial`, chart: { kind: "trials" } }];
  if (rows.some((row) => row.course.length > 1))
    choices.push({ id: "courses", label: `Course of ${metric}`, chart: { kind: "courses" } });
  if (inputs.length > 1)
    choices.push({ id: "all", label: "All parameters together", chart: { kind: "all" } });
  for (const name of inputs)
    choices.push({ id: `input ${name}`, label: `${name} against ${metric}`, chart: { kind: "input", name } });
  return choices;
}

export function trialChart(chart: Chart, rows: readonly Iteration[], goal: Goal, best: number | null): Spec {
  switch (chart.kind) {
    case "trials":
      return byTrial(rows, goal, best);
    case "courses":
      return courses(rows, goal, best);
    case "all":
      return parallel(rows, goal, best);
    case "input":
      return against(chart.name, rows, goal, best);
  }
}

const metricAxis = (metric: string) => ({ type: "quantitative", title: metric, scale: { zero: false } });

/** Each trial as a point, and the best so far as a line of steps. */
function byTrial(rows: readonly Iteration[], { goal, metric }: Goal, best: number | null): Spec {
  let top: number | null = null;
  const values = measured(rows).map((row) => {
    const value = row.metric!;
    if (top === null || (goal === "maximize" ? value > top : value < top)) top = value;
    return { trial: row.index, metric: value, top, best: row.index === best, state: row.status };
  });
  const x = { field: "trial", type: "quantitative", title: "trial", axis: { tickMinStep: 1, format: "d" } };
  return {
    data: { values },
    height: 180,
    layer: [
      {
        mark: { type: "line", interpolate: "step-after", strokeWidth: 1.5, opacity: 0.6 },
        encoding: { x, y: { field: "top", ...metricAxis(metric) } },
      },
      {
        mark: { type: "point", filled: true },
        encoding: {
          x,
          y: { field: "metric", ...metricAxis(metric) },
          size: { condition: { test: "datum.best", value: 140 }, value: 36 },
          shape: { condition: { test: "datum.best", value: "diamond" }, value: "circle" },
          tooltip: [
            { field: "trial", title: "trial" },
            { field: "metric", title: metric },
            { field: "state", title: "status" },
          ],
        },
      },
    ],
  };
}

/** What each trial told on its way: where early termination decides. */
function courses(rows: readonly Iteration[], { metric }: Goal, best: number | null): Spec {
  const values = rows.flatMap((row) =>
    row.course.map((value, at) => ({
      trial: row.index,
      told: at + 1,
      metric: value,
      best: row.index === best,
    })),
  );
  return {
    data: { values },
    height: 180,
    mark: { type: "line", interpolate: "monotone", point: values.length < 400 },
    encoding: {
      x: { field: "told", type: "quantitative", title: "report", axis: { tickMinStep: 1, format: "d" } },
      y: { field: "metric", ...metricAxis(metric) },
      detail: { field: "trial" },
      opacity: { condition: { test: "datum.best", value: 1 }, value: 0.35 },
      strokeWidth: { condition: { test: "datum.best", value: 3 }, value: 1.5 },
      tooltip: [{ field: "trial" }, { field: "told", title: "report" }, { field: "metric", title: metric }],
    },
  };
}

/** Spread over more than two powers of ten: people searched it on a logarithmic scale. */
const wide = (values: readonly number[]): boolean =>
  values.every((value) => value > 0) && Math.max(...values) / Math.min(...values) > 100;

function against(name: string, rows: readonly Iteration[], { metric }: Goal, best: number | null): Spec {
  const values = measured(rows).map((row) => ({
    trial: row.index,
    value: shown(row.values[name]),
    metric: row.metric,
    best: row.index === best,
  }));
  const numbers = values.map(({ value }) => value).filter((value) => typeof value === "number");
  const numeric = numbers.length === values.length;
  return {
    data: { values },
    height: 180,
    mark: { type: "point", filled: true },
    encoding: {
      x: numeric
        ? {
            field: "value",
            type: "quantitative",
            title: name,
            scale: wide(numbers) ? { type: "log" } : { zero: false },
          }
        : { field: "value", type: "nominal", title: name, axis: { labelAngle: 0 } },
      y: { field: "metric", ...metricAxis(metric) },
      size: { condition: { test: "datum.best", value: 140 }, value: 48 },
      shape: { condition: { test: "datum.best", value: "diamond" }, value: "circle" },
      tooltip: [{ field: "trial" }, { field: "value", title: name }, { field: "metric", title: metric }],
    },
  };
}

const shown = (value: unknown): string | number =>
  typeof value === "number" ? value : typeof value === "string" ? value : JSON.stringify(value ?? null);

/** Parallel coordinates: one line a trial over all its inputs to its metric, each axis from its own least to its own most. */
function parallel(rows: readonly Iteration[], { metric }: Goal, best: number | null): Spec {
  const tried = measured(rows);
  const axes = [...searched(tried), metric];
  const raw = (row: Iteration, axis: string, last: boolean) => (last ? row.metric! : shown(row.values[axis]));
  const values: Spec[] = [];
  const ends: Spec[] = [];
  axes.forEach((axis, at) => {
    const last = at === axes.length - 1;
    const found = tried.map((row) => raw(row, axis, last));
    const place = scaleOf(found);
    const name = last ? `${axis} ` : axis;
    tried.forEach((row, i) => {
      const metric = row.metric;
      values.push({
        trial: row.index,
        axis: name,
        at: place(found[i]!),
        value: found[i],
        metric,
        best: row.index === best,
      });
    });
    const bottom = found.find((value) => place(value) === 0);
    const top = found.find((value) => place(value) === 1);
    if (bottom !== undefined) ends.push({ axis: name, at: 0, text: short(bottom) });
    if (top !== undefined && top !== bottom) ends.push({ axis: name, at: 1, text: short(top) });
  });
  const order = axes.map((axis, at) => (at === axes.length - 1 ? `${axis} ` : axis));
  const x = {
    field: "axis",
    type: "nominal",
    sort: order,
    title: null,
    scale: { type: "point", padding: 0.35 },
    axis: { labelAngle: 0, grid: true, domain: false, ticks: false, labelPadding: 18, labelLimit: 90 },
  };
  const y = { field: "at", type: "quantitative", axis: null, scale: { domain: [0, 1] } };
  return {
    height: 190,
    layer: [
      {
        data: { values },
        mark: { type: "line" },
        encoding: {
          x,
          y,
          detail: { field: "trial" },
          color: { field: "metric", type: "quantitative", title: metric, legend: null },
          strokeWidth: { condition: { test: "datum.best", value: 4 }, value: 1.5 },
          opacity: { condition: { test: "datum.best", value: 1 }, value: 0.6 },
          tooltip: [
            { field: "trial" },
            { field: "axis", title: "parameter" },
            { field: "value" },
            { field: "metric", title: metric },
          ],
        },
      },
      {
        data: { values: ends },
        mark: { type: "text", fontSize: 11, dy: { expr: "datum.at === 0 ? 12 : -10" } },
        encoding: { x, y, text: { field: "text" } },
      },
    ],
  };
}

/** From a value to its place between 0 and 1. */
function scaleOf(values: readonly (string | number)[]): (value: string | number) => number {
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length === values.length && numbers.length > 0) {
    const onScale = wide(numbers) ? Math.log : (value: number) => value;
    const low = onScale(Math.min(...numbers));
    const span = onScale(Math.max(...numbers)) - low;
    return (value) => (span === 0 ? 0.5 : (onScale(value as number) - low) / span);
  }
  const words = [...new Set(values.map(String))].sort((a, b) =>
    a.localeCompare(b, undefined, { numeric: true }),
  );
  return (value) => (words.length < 2 ? 0.5 : words.indexOf(String(value)) / (words.length - 1));
}

const short = (value: string | number): string =>
  typeof value === "number"
    ? String(Number(value.toPrecision(3)))
    : value.length > 12
      ? `${value.slice(0, 11)}…`
      : value;
