import { type KeyboardEvent, type RefObject, useEffect, useState } from "react";

import { formatCount } from "../format";
import { Icon } from "../Icon";
import { CopyButton } from "../parts";
import { type LogSource, logUrl } from "./store";

interface Props {
  box: RefObject<HTMLInputElement | null>;
  query: string;
  onQuery: (query: string) => void;
  found: number;
  /** Place of the marked line among the matches, or -1. */
  at: number;
  go: (step: 1 | -1) => void;
  wrap: boolean;
  onWrap: (on: boolean) => void;
  times: boolean;
  onTimes: (on: boolean) => void;
  attempt: number;
  attempts: number;
  onAttempt: (attempt: number) => void;
  text: () => string;
  source: Omit<LogSource, "ws" | "socket">;
}

/** Typing in a log of 200,000 lines must not search it at every key. */
const PAUSE = 120;

export function LogToolbar(props: Props) {
  const { attempt, attempts, onAttempt, wrap, onWrap, times, onTimes, text, source } = props;
  return (
    <div className="log-toolbar" role="toolbar" aria-label="Log">
      <Search {...props} />
      {attempts > 1 && (
        <select
          className="log-attempt"
          aria-label="Attempt"
          value={attempt}
          onChange={(event) => onAttempt(Number(event.target.value))}
        >
          {Array.from({ length: attempts }, (_, i) => attempts - i).map((number) => (
            <option key={number} value={number}>
              Attempt {number}
            </option>
          ))}
        </select>
      )}
      <span className="log-tools">
        <Toggle icon="clock" label="Show times" on={times} onChange={onTimes} />
        <Toggle icon="text-wrap" label="Wrap long lines" on={wrap} onChange={onWrap} />
        <CopyButton text={text} label="Copy the log" />
        <a
          className="run-button plain"
          href={`${logUrl(source)}&download=1`}
          download
          title="Download the log"
          aria-label="Download the log"
        >
          <Icon name="download" />
        </a>
      </span>
    </div>
  );
}

function Toggle({
  icon,
  label,
  on,
  onChange,
}: {
  icon: string;
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    <button
      type="button"
      className="run-button plain"
      aria-pressed={on}
      aria-label={label}
      title={label}
      onClick={() => onChange(!on)}
    >
      <Icon name={icon} />
    </button>
  );
}

function Search({ box, query, onQuery, found, at, go }: Props) {
  const [typed, setTyped] = useState(query);
  useEffect(() => {
    const timer = setTimeout(() => onQuery(typed), PAUSE);
    return () => clearTimeout(timer);
  }, [typed, onQuery]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      go(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape" && typed !== "") {
      event.stopPropagation();
      setTyped("");
    }
  };
  const said = at >= 0 ? `${formatCount(at + 1)}/${formatCount(found)}` : formatCount(found);
  return (
    <div className="log-search" role="search">
      <Icon name="search" />
      <input
        ref={box}
        type="search"
        placeholder="Find in log"
        aria-label="Find in log"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKeyDown}
        spellCheck={false}
      />
      {query !== "" && (
        <>
          <output className="log-found" data-none={found === 0 || undefined}>
            {found === 0 ? "none" : said}
            <span className="sr-only"> lines found</span>
          </output>
          <button
            type="button"
            aria-label="Previous match"
            title="Previous match (Shift+Enter)"
            disabled={found === 0}
            onClick={() => go(-1)}
          >
            <Icon name="chevron-up" />
          </button>
          <button
            type="button"
            aria-label="Next match"
            title="Next match (Enter)"
            disabled={found === 0}
            onClick={() => go(1)}
          >
            <Icon name="chevron-down" />
          </button>
        </>
      )}
    </div>
  );
}
