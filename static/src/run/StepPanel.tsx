import "./base.css";
import "./step-panel.css";

import { useState } from "react";

import { useNow } from "./clock";
import { DetailsTab } from "./DetailsTab";
import { elapsed, formatDuration, formatElapsed } from "./duration";
import { formatPercent } from "./format";
import { Icon } from "./Icon";
import { LogView } from "./LogView";
import { PreviewTab } from "./PreviewTab";
import { isActive } from "./status";
import { StatusGlyph } from "./StatusGlyph";
import { useTabs } from "./tabs";
import type { RunSocket, StepState } from "./types";

export type StepTab = "preview" | "logs" | "details";

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
}

/** Everything about one step of a run: its outputs, its log, its facts. */
export function StepPanel(props: StepPanelProps) {
  // Another step or run is another panel: nothing of the last one stays.
  return <Panel key={`${props.runId}/${props.node}`} {...props} />;
}

function Panel({ api, ws, runId, node, step, labels, socket, initialTab, logLine }: StepPanelProps) {
  const [tab, setTab] = useState<StepTab>(initialTab ?? (logLine === undefined ? firstTab(step) : "logs"));
  const [line, setLine] = useState(logLine);
  const [asked, setAsked] = useState(logLine);
  if (asked !== logLine) {
    setAsked(logLine);
    setLine(logLine);
    if (logLine !== undefined) setTab("logs");
  }
  const outputs = Object.keys(step.outputs).length;
  const { bar, panel } = useTabs<StepTab>(
    [
      { id: "preview", label: "Preview", count: outputs },
      { id: "logs", label: "Logs" },
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
        <Message step={step} onShowLog={step.status === "Failed" && tab !== "logs" ? showError : undefined} />
      )}
      {bar("Step")}
      <div className="step-panel-body" data-tab={tab} {...panel}>
        {tab === "preview" && (
          <PreviewTab api={api} step={step} labels={labels} onShowLog={() => setTab("logs")} />
        )}
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
