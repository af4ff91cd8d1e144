import "./base.css";
import "./step-panel.css";

import { lazy, Suspense, useState } from "react";

import { useNow } from "./clock";
import { DetailsTab } from "./DetailsTab";
import { elapsed, formatDuration, formatElapsed } from "./duration";
import { formatPercent } from "./format";
import { Icon } from "./Icon";
import type { Objective } from "./iterations/IterationsTab";
import { LogView } from "./LogView";
import { Skeleton } from "./parts";
import { PreviewTab } from "./PreviewTab";
import { isActive } from "./status";
import { StatusGlyph } from "./StatusGlyph";
import { useTabs } from "./tabs";
import { hasTracking, TrackingTab, useTracking } from "./TrackingTab";
import type { LoopState, RunSocket, StepState } from "./types";

const IterationsTab = lazy(async () => ({
  default: (await import("./iterations/IterationsTab")).IterationsTab,
}));

export type StepTab = "iterations" | "preview" | "tracking" | "logs" | "details";

export interface StepPanelProps {
  /** The workspace's API base, "/api/v1/workspaces/main/". */
  api: string;
  /** The workspace's socket base, "/ws/w/main/". */
  ws: string;
  runId: number;
  node: string;
  step: StepState;
  /** What people read for each output, where that is not its name. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** A socket of this run that is open already; without one the log opens its own. */
  socket?: RunSocket | undefined;
  initialTab?: StepTab | undefined;
  /** Opens the log at this line, or at the last error. */
  logLine?: number | "error" | undefined;
  /** Whether code of its own runs in it: groups and branches have no log and no attempts. */
  runs?: boolean | undefined;
  /** What a sweep is after. */
  objective?: Objective | null | undefined;
  /** What people call the nodes of a loop's body. */
  titles?: Readonly<Record<string, string>> | undefined;
  /** Of a loop: the iteration that is looked into, and how to look into another. */
  iteration?: number | null | undefined;
  onIteration?: ((index: number | null) => void) | undefined;
}

/** Everything about one step of a run: its iterations, its outputs, its log, its facts. */
export function StepPanel(props: StepPanelProps) {
  // Another step or run is another panel: nothing of the last one stays.
  const key = `${props.runId}/${props.node}`;
  const { loop } = props.step;
  return loop ? (
    <LoopPanel key={key} {...props} step={{ ...props.step, loop }} />
  ) : (
    <Panel key={key} {...props} />
  );
}

/** The same for a step within an iteration, which is shown in the loop's own panel. */
export const InnerStep = StepPanel;

/** A loop runs nothing itself: its iterations have the logs. */
function LoopPanel(props: StepPanelProps & { step: StepState & { loop: LoopState } }) {
  const { api, ws, runId, node, step, labels = {}, titles = {}, socket, objective = null } = props;
  const [own, setOwn] = useState<number | null>(null);
  const open = props.iteration === undefined ? own : props.iteration;
  const [tab, setTab] = useState<"iterations" | "preview" | "details">("iterations");
  const sweep = step.loop.type === "sweep";
  const { bar, panel } = useTabs<typeof tab>(
    [
      { id: "iterations", label: sweep ? "Trials" : "Iterations", count: step.loop.total ?? 0 },
      { id: "preview", label: "Preview", count: Object.keys(step.outputs).length },
      { id: "details", label: "Details" },
    ],
    tab,
    setTab,
  );
  return (
    <section className="run-ui step-panel" aria-label={`Step ${node}`}>
      {open === null && <Summary step={step} />}
      {open === null && step.message !== "" && <Message step={step} onShowLog={undefined} />}
      {open === null && bar("Step")}
      <div className="step-panel-body" data-tab={tab} {...panel}>
        {tab === "iterations" && (
          <Suspense fallback={<Skeleton lines={6} label="Loading the iterations" />}>
            <IterationsTab
              {...{ api, ws, runId, node, step, labels, titles, socket, objective, open }}
              onOpen={props.onIteration ?? setOwn}
            />
          </Suspense>
        )}
        {tab === "preview" && <PreviewTab api={api} step={step} labels={labels} onShowLog={undefined} />}
        {tab === "details" && <DetailsTab api={api} runId={runId} node={node} step={step} />}
      </div>
    </section>
  );
}

function Panel({
  api,
  ws,
  runId,
  node,
  step,
  labels,
  socket,
  initialTab,
  logLine,
  runs = true,
}: StepPanelProps) {
  const [tab, setTab] = useState<StepTab>(
    initialTab ?? (logLine !== undefined ? "logs" : runs ? firstTab(step) : "preview"),
  );
  const [line, setLine] = useState(logLine);
  const [asked, setAsked] = useState(logLine);
  if (asked !== logLine) {
    setAsked(logLine);
    setLine(logLine);
    if (logLine !== undefined) setTab("logs");
  }
  const outputs = Object.keys(step.outputs).length;
  const tracking = useTracking({ api, runId, node, step, socket });
  const { bar, panel } = useTabs<StepTab>(
    [
      { id: "preview", label: "Preview", count: outputs },
      ...(hasTracking(tracking) ? [{ id: "tracking" as const, label: "Metrics" }] : []),
      ...(runs ? [{ id: "logs" as const, label: "Logs" }] : []),
      { id: "details", label: "Details" },
    ],
    tab,
    setTab,
  );
  const showError = () => {
    setLine("error");
    setTab("logs");
  };

  return (
    <section className="run-ui step-panel" aria-label={`Step ${node}`}>
      <Summary step={step} />
      {step.message !== "" && (
        <Message
          step={step}
          onShowLog={runs && step.status === "Failed" && tab !== "logs" ? showError : undefined}
        />
      )}
      {bar("Step")}
      <div className="step-panel-body" data-tab={tab} {...panel}>
        {tab === "preview" && (
          <PreviewTab
            api={api}
            step={step}
            labels={labels}
            onShowLog={runs ? () => setTab("logs") : undefined}
          />
        )}
        {tab === "tracking" && hasTracking(tracking) && <TrackingTab api={api} tracking={tracking} />}
        {tab === "logs" && (
          <LogView api={api} ws={ws} runId={runId} node={node} step={step} socket={socket} logLine={line} />
        )}
        {tab === "details" && <DetailsTab api={api} runId={runId} node={node} step={step} />}
      </div>
    </section>
  );
}

function firstTab(step: StepState): StepTab {
  if (step.status === "Failed") return "logs";
  return Object.keys(step.outputs).length === 0 && isActive(step.status) ? "logs" : "preview";
}

function Summary({ step }: { step: StepState }) {
  const active = isActive(step.status);
  const now = useNow(active);
  const ms = elapsed(step.started_at, step.ended_at, now);
  return (
    <header className="step-panel-summary">
      <StatusGlyph status={step.status} reused={step.reused} />
      {step.attempt > 1 && <span className="run-chip">attempt {step.attempt}</span>}
      {active && step.progress !== null && (
        <span className="step-panel-progress">
          <progress max={1} value={step.progress} aria-label="Progress" />
          {formatPercent(step.progress)}
        </span>
      )}
      {ms !== null && (
        <span className="step-panel-time">
          <Icon name="timer" />
          <span className="sr-only">Duration</span>
          {step.ended_at ? formatDuration(ms) : formatElapsed(ms)}
        </span>
      )}
    </header>
  );
}

function Message({ step, onShowLog }: { step: StepState; onShowLog: (() => void) | undefined }) {
  const failed = step.status === "Failed";
  return (
    <div className="step-panel-message" data-failed={failed || undefined} role={failed ? "alert" : "note"}>
      <Icon name={failed ? "octagon-x" : "info"} />
      <p>{step.message}</p>
      {onShowLog && (
        <button type="button" className="run-button" onClick={onShowLog}>
          Show in log
        </button>
      )}
    </div>
  );
}
