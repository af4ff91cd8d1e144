import "./base.css";
import "./log-view.css";

import { type KeyboardEvent, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";

import { lastErrorLine, LogSearch, nextMatch } from "./log/search";
import { LogStore } from "./log/store";
import { LogLines, type LogLinesHandle } from "./log/LogLines";
import { LogToolbar } from "./log/LogToolbar";
import { Failed, Note, Skeleton } from "./parts";
import { isEnded } from "./status";
import type { RunSocket, StepState } from "./types";

interface Props {
  api: string;
  ws: string;
  runId: number;
  node: string;
  step: StepState;
  socket?: RunSocket | undefined;
  /** Scrolls to this line (from 1), or to the last error, and marks it. */
  logLine?: number | "error" | undefined;
}

/** A step's log: one attempt of it, live while it runs. */
export function LogView({ step, ...props }: Props) {
  const [picked, setPicked] = useState<number | null>(null);
  const [tries, setTries] = useState(0);
  const attempt = picked ?? step.attempt;
  if (attempt < 1 || (step.reused && step.started_at === null)) return <NoLog step={step} />;
  return (
    <AttemptLog
      key={`${props.runId}/${props.node}/${attempt}/${tries}`}
      {...props}
      step={step}
      attempt={attempt}
      onAttempt={setPicked}
      retry={() => setTries(tries + 1)}
    />
  );
}

function NoLog({ step }: { step: StepState }) {
  if (step.reused)
    return (
      <Note icon="square-stack" title="Nothing ran here">
        The outputs are those of an earlier identical step, so there is no log.
      </Note>
    );
  return isEnded(step.status) ? (
    <Note icon="scroll-text" title="No log">
      The step never started.
    </Note>
  ) : (
    <Note icon="clock" title="No log yet">
      It shows here line by line as soon as the step starts.
    </Note>
  );
}

interface AttemptProps extends Props {
  attempt: number;
  onAttempt: (attempt: number | null) => void;
  retry: () => void;
}

function AttemptLog({
  api,
  ws,
  runId,
  node,
  step,
  socket,
  logLine,
  attempt,
  onAttempt,
  retry,
}: AttemptProps) {
  const store = useMemo(
    () => new LogStore({ api, ws, runId, node, attempt, socket }),
    [api, ws, runId, node, attempt, socket],
  );
  const log = useSyncExternalStore(store.subscribe, store.getSnapshot);
  useEffect(() => store.start(), [store]);

  const [query, setQuery] = useState("");
  const [wrap, setWrap] = usePreference("log-wrap");
  const [times, setTimes] = usePreference("log-times");
  const search = useMemo(() => new LogSearch(query), [query]);
  const matches = search.update(log.lines, log.stable);
  const [mark, setMark] = useState<number | null>(null);
  const list = useRef<LogLinesHandle>(null);
  const box = useRef<HTMLInputElement>(null);

  // Once per request: to the line that was asked for, or to why the step failed.
  const wanted = logLine ?? (step.status === "Failed" && attempt === step.attempt ? "error" : undefined);
  const complete = log.state === "ready" && (log.ended || log.lines.length > 0);
  const shown = useRef<typeof wanted>(undefined);
  useEffect(() => {
    if (!complete || wanted === undefined || shown.current === wanted) return;
    if (wanted === "error" && !log.ended) return;
    shown.current = wanted;
    const line = wanted === "error" ? lastErrorLine(log.lines) : wanted - 1;
    if (line === null) return;
    list.current?.show(line);
    // eslint-disable-next-line react-hooks/set-state-in-effect -- what to mark is known only when the log has come
    setMark(line);
  }, [complete, wanted, log.ended, log.lines]);

  const go = (step: 1 | -1) => {
    const line = nextMatch(matches, mark ?? (step === 1 ? -1 : log.lines.length), step);
    if (line === undefined) return;
    setMark(line);
    list.current?.show(line);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== "f" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    box.current?.focus();
    box.current?.select();
  };

  if (log.state === "loading") return <Skeleton lines={8} label="Loading the log" />;
  if (log.state === "failed")
    return <Failed title="The log could not be loaded" message={log.message} retry={retry} />;
  return (
    <div className="run-ui log" onKeyDown={onKeyDown}>
      <LogToolbar
        box={box}
        query={query}
        onQuery={setQuery}
        found={matches.length}
        at={mark === null ? -1 : matches.indexOf(mark)}
        go={go}
        wrap={wrap}
        onWrap={setWrap}
        times={times}
        onTimes={setTimes}
        attempt={attempt}
        attempts={step.attempt}
        onAttempt={(number) => onAttempt(number === step.attempt ? null : number)}
        text={store.text}
        source={{ api, runId, node, attempt }}
      />
      {log.truncated && (
        <p className="log-notice" role="note">
          This log reached its size cap; what came after that was not kept.
        </p>
      )}
      {!log.connected && !log.ended && (
        <p className="log-notice" role="status">
          Connection lost. Lines that come meanwhile are shown when it is back.
        </p>
      )}
      {log.lines.length === 0 ? (
        <Note icon="scroll-text" title={log.ended ? "The log is empty" : "Nothing written yet"}>
          {log.ended ? "The step wrote nothing to its output." : "Lines show here as they are written."}
        </Note>
      ) : (
        <LogLines
          ref={list}
          label={`Log of ${node}, attempt ${attempt}`}
          log={log}
          wrap={wrap}
          times={times}
          query={query}
          mark={mark}
          live={!log.ended}
        />
      )}
    </div>
  );
}

/** A switch that this browser remembers. */
function usePreference(name: string) {
  const key = `portline.${name}`;
  const [on, setOn] = useState(() => {
    try {
      return localStorage.getItem(key) === "1";
    } catch {
      return false;
    }
  });
  const set = (value: boolean) => {
    setOn(value);
    try {
      localStorage.setItem(key, value ? "1" : "0");
    } catch {
      // Without storage it holds for this page.
    }
  };
  return [on, set] as const;
}
