import { useEffect, useId, useMemo, useRef, useState } from "react";

import { type DrawnChart, drawChart } from "../previews/vega";
import { useTheme } from "../theme";
import type { Iteration } from "../types";
import { chartsOf, type Goal, trialChart } from "./trialCharts";

/** A live plot is drawn again at most so often. */
const EVERY = 1500;

interface Props {
  rows: readonly Iteration[];
  objective: Goal;
  best: number | null;
  live: boolean;
}

/** The trials of a sweep, plotted as one likes. While trials run it follows them, without flickering. */
export default function TrialsPlot({ rows, objective, best, live }: Props) {
  const id = useId();
  const theme = useTheme();
  const host = useRef<HTMLDivElement>(null);
  const drawn = useRef<DrawnChart | null>(null);
  const [width, setWidth] = useState(0);
  const [picked, setPicked] = useState("trials");
  const [problem, setProblem] = useState("");
  const steady = useSteady(rows, live);
  const { goal, metric } = objective;
  const choices = useMemo(() => chartsOf(steady, { goal, metric }), [steady, goal, metric]);
  const choice = choices.find((each) => each.id === picked) ?? choices[0]!;
  const spec = useMemo(
    () => trialChart(choice.chart, steady, { goal, metric }, best),
    [choice.chart, steady, goal, metric, best],
  );

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const element = host.current;
    if (!element || width === 0) return;
    let gone = false;
    drawChart(element, spec, { width, compact: false, theme }).then(
      (chart) => {
        if (gone) return chart.end();
        // The old one stays until the new one is there.
        drawn.current?.end();
        drawn.current = chart;
        setProblem("");
      },
      (error: unknown) => !gone && setProblem(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      gone = true;
    };
  }, [spec, width, theme]);
  useEffect(() => () => drawn.current?.end(), []);

  return (
    <figure className="trials-plot" aria-labelledby={id}>
      <figcaption>
        <label htmlFor={`${id}-choice`} id={id}>
          Plot
        </label>
        <select id={`${id}-choice`} value={choice.id} onChange={(event) => setPicked(event.target.value)}>
          {choices.map((each) => (
            <option key={each.id} value={each.id}>
              {each.label}
            </option>
          ))}
        </select>
      </figcaption>
      {problem !== "" && <p role="alert">{problem}</p>}
      <div
        ref={host}
        className="trials-host"
        data-testid="trials-plot"
        role="img"
        aria-label={choice.label}
      />
    </figure>
  );
}

/** The rows as they were lately: a plot need not follow every event. */
function useSteady(rows: readonly Iteration[], live: boolean): readonly Iteration[] {
  const [kept, setKept] = useState(rows);
  const latest = useRef(rows);
  useEffect(() => {
    latest.current = rows;
  }, [rows]);
  useEffect(() => {
    if (!live) return;
    const timer = setInterval(() => setKept(latest.current), EVERY);
    return () => clearInterval(timer);
  }, [live]);
  return live ? kept : rows;
}
