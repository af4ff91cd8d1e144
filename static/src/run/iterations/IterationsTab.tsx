import "./iterations.css";

import { lazy, Suspense, useEffect, useMemo, useState, useSyncExternalStore } from "react";

import { formatCount, formatNumber } from "../format";
import { Icon } from "../Icon";
import { Failed, Note, Skeleton } from "../parts";
import { isEnded, statusLook } from "../status";
import { StatusGlyph } from "../StatusGlyph";
import type { LoopState, RunSocket, StepState } from "../types";
import { columnsOf, sorted, type Sorting } from "./columns";
import { IterationPanel } from "./IterationPanel";
import { IterationTable } from "./IterationTable";
import { IterationStore } from "./store";

const TrialsPlot = lazy(() => import("./TrialsPlot"));

/** What a sweep is after. */
export interface Objective {
  goal: "maximize" | "minimize";
  metric: string;
}

interface Props {
  api: string;
  ws: string;
  runId: number;
  node: string;
  step: StepState & { loop: LoopState };
  objective: Objective | null;
  labels: Readonly<Record<string, string>>;
  titles: Readonly<Record<string, string>>;
  socket: RunSocket | undefined;
  /** The iteration that is looked into, and how to look into another. */
  open: number | null;
  onOpen: (index: number | null) => void;
}

/** Each time that a loop ran: a table, for sweeps a plot above it, and one of them in full. */
export function IterationsTab(props: Props) {
  const { api, runId, node, socket } = props;
  const [tries, setTries] = useState(0);
  return (
    <Iterations
      key={`${api}/${runId}/${node}/${tries}`}
      {...props}
      socket={socket}
      retry={() => setTries(tries + 1)}
    />
  );
}

function Iterations({
  retry,
  open,
  onOpen,
  objective,
  step,
  ...props
}: Props & {
  retry: () => void;
}) {
  const { api, runId, node, socket } = props;
  const { loop } = step;
  const store = useMemo(() => new IterationStore({ api, runId, node, socket }), [api, runId, node, socket]);
  const found = useSyncExternalStore(store.subscribe, store.getSnapshot);
  useEffect(() => store.start(), [store]);
  const [sorting, setSorting] = useState<Sorting>({ key: "index", down: false });
  const [current, setCurrent] = useState<number | null>(null);
  const metric = objective?.metric ?? null;
  const columns = useMemo(() => columnsOf(found.rows, metric), [found.rows, metric]);
  const rows = useMemo(() => sorted(found.rows, columns, sorting), [found.rows, columns, sorting]);

  if (found.state === "loading") return <Skeleton lines={6} label="Loading the iterations" />;
  if (found.state === "failed")
    return <Failed title="The iterations could not be loaded" message={found.message} retry={retry} />;
  const opened = open === null ? undefined : found.rows.find((row) => row.index === open);
  if (opened) {
    return (
      <IterationPanel
        {...props}
        kind={loop.type}
        row={opened}
        rows={rows}
        best={loop.best === opened.index}
        metric={metric}
        onOpen={onOpen}
        onStale={() => void store.refresh(opened.index).catch(() => undefined)}
      />
    );
  }
  if (found.rows.length === 0)
    return isEnded(step.status) ? (
      <Note icon="layers" title={loop.type === "sweep" ? "No trials" : "No iterations"}>
        {step.status === "Completed"
          ? "There was nothing to repeat for."
          : "The step ended before the first one started."}
      </Note>
    ) : (
      <Note icon="clock" title={loop.type === "sweep" ? "No trials yet" : "No iterations yet"}>
        Each one shows here as soon as it is planned.
      </Note>
    );
  const plotted = loop.type === "sweep" && found.rows.some((row) => row.metric !== null);
  return (
    <div className="iterations">
      <Summary loop={loop} rows={found.rows} metric={metric} onOpen={onOpen} />
      {plotted && (
        <Suspense fallback={<Skeleton lines={5} label="Loading the plot" />}>
          <TrialsPlot
            rows={found.rows}
            objective={objective ?? { goal: "maximize", metric: "metric" }}
            best={loop.best}
            live={!isEnded(step.status)}
          />
        </Suspense>
      )}
      <IterationTable
        label={loop.type === "sweep" ? "Trials" : "Iterations"}
        columns={columns}
        rows={rows}
        best={loop.best}
        sorting={sorting}
        onSort={setSorting}
        current={current}
        onCurrent={setCurrent}
        onOpen={onOpen}
      />
      {found.reading && (
        <p className="iterations-reading" role="status">
          Reading more…
        </p>
      )}
    </div>
  );
}

const SHOWN = ["Running", "Queued", "Failed", "Canceled", "Skipped"] as const;

function Summary({
  loop,
  rows,
  metric,
  onOpen,
}: {
  loop: LoopState;
  rows: readonly { index: number; metric: number | null }[];
  metric: string | null;
  onOpen: (index: number) => void;
}) {
  const done = loop.counts.Completed ?? 0;
  const best = loop.best === null ? undefined : rows.find((row) => row.index === loop.best);
  return (
    <div className="iterations-summary">
      <span>
        <strong>{formatCount(done)}</strong>
        {loop.total === null ? " completed" : ` of ${formatCount(loop.total)} completed`}
      </span>
      {SHOWN.map((status) => {
        const count = loop.counts[status] ?? 0;
        return (
          count > 0 && (
            <span key={status} className="iterations-count">
              <StatusGlyph status={status} size={12} word={false} />
              {formatCount(count)} {statusLook(status).word.toLowerCase()}
            </span>
          )
        );
      })}
      {best && best.metric !== null && (
        <button type="button" className="run-button iterations-best" onClick={() => onOpen(best.index)}>
          <Icon name="star" />
          Best: trial {best.index}, {metric ?? "metric"} {formatNumber(best.metric, 5)}
        </button>
      )}
    </div>
  );
}
