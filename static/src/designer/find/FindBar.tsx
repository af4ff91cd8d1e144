import "./find.css";

import { useEffect, useRef } from "react";

import { Icon } from "../../lib/Icon.tsx";
import { focusNode } from "../actions/focus.ts";
import { keyNote } from "../commands/registry.ts";
import { ask, closeFind, goTo, stepThroughFound, useFinding } from "./findStore.ts";

const SHOWN = 8;

/** Search within the graph, over the canvas: each result is flown to. */
export function FindBar() {
  const open = useFinding((state) => state.open);
  return open && <Bar />;
}

function Bar() {
  const { query, found, at, asked } = useFinding((state) => state);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), [asked]);
  const close = () => {
    closeFind();
    if (found[at]) focusNode(found[at].id);
  };
  const from = Math.max(0, Math.min(at - 3, found.length - SHOWN));
  return (
    <search
      className="find-bar"
      aria-label="Find in the graph"
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
        else if (event.key === "Enter" && event.target === field.current)
          stepThroughFound(event.shiftKey ? -1 : 1);
        else if (event.key === "ArrowDown" && event.target === field.current) stepThroughFound(1);
        else if (event.key === "ArrowUp" && event.target === field.current) stepThroughFound(-1);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <div className="find-bar__row">
        <Icon name="search" size={14} />
        <input
          ref={field}
          type="text"
          aria-label="Find in the graph"
          placeholder="Title, component, value, problem, status"
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => ask(event.target.value)}
        />
        <span className="find-bar__count" role="status">
          {query && (found.length > 0 ? `${at + 1} of ${found.length}` : "None")}
        </span>
        <Step icon="chevron-up" label="Previous" command="find.previous" by={-1} off={found.length < 2} />
        <Step icon="chevron-down" label="Next" command="find.next" by={1} off={found.length < 2} />
        <button
          type="button"
          className="btn-icon"
          aria-label="Close the search"
          title="Close (Esc)"
          onClick={close}
        >
          <Icon name="x" size={14} />
        </button>
      </div>
      {found.length > 0 && (
        <ul className="find-bar__list">
          {found.slice(from, from + SHOWN).map(({ id, title, why }, index) => (
            <li key={id}>
              <button
                type="button"
                className={from + index === at ? "is-current" : ""}
                aria-current={from + index === at}
                data-testid={`found-${id}`}
                onClick={() => goTo(from + index)}
              >
                <span>{title}</span>
                {why && <small>{why}</small>}
              </button>
            </li>
          ))}
        </ul>
      )}
    </search>
  );
}

function Step({
  icon,
  label,
  command,
  by,
  off,
}: {
  icon: string;
  label: string;
  command: string;
  by: 1 | -1;
  off: boolean;
}) {
  return (
    <button
      type="button"
      className="btn-icon"
      aria-label={label}
      title={label + keyNote(command)}
      disabled={off}
      onClick={() => stepThroughFound(by)}
    >
      <Icon name={icon} size={14} />
    </button>
  );
}
