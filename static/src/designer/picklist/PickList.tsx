import "./pick-list.css";

import type { KeyboardEvent, ReactNode } from "react";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";

import { Icon } from "../../lib/Icon.tsx";
import { canvasPane } from "../actions/focus.ts";

interface Props<T> {
  label: string;
  icon: string;
  placeholder?: string;
  query: string;
  onQuery: (query: string) => void;
  choices: readonly T[];
  keyOf: (choice: T) => string;
  /** What a row shows after its place in the list is given. */
  children: (choice: T) => ReactNode;
  /** Why a row cannot be chosen; it can still be read. */
  refused?: (choice: T) => string;
  hint?: (choice: T) => string;
  onChoose: (choice: T, alone: boolean) => void;
  /** `left`: without a choice, so the keyboard goes back to where it was. */
  onClose: (left: boolean) => void;
  /** Backspace in an empty field, or Escape, where the list is the second of two; true when it went back. */
  onBack?: () => boolean;
  /** Rows that have the keyboard's attention, for those who want to show what they would do. */
  onActive?: (choice: T | null) => void;
  at: { readonly x: number; readonly y: number };
  none: string;
  foot?: ReactNode;
  testId?: string;
  wide?: boolean;
}

/** A field to search by and a list to choose from, floating: arrows move, Enter chooses, Escape and a press elsewhere close. */
export function PickList<T>(props: Props<T>) {
  const { label, choices, query, at: place, onChoose, onClose, onBack, onActive } = props;
  const [at, setAt] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const active = choices[Math.min(at, choices.length - 1)];

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${Math.max(8, Math.min(place.x, innerWidth - width - 8))}px`;
    element.style.top = `${Math.max(8, Math.min(place.y, innerHeight - Math.max(height, 320) - 8))}px`;
    element.querySelector("input")?.focus();
  }, [place.x, place.y]);
  useEffect(() => {
    const away = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) onClose(false);
    };
    window.addEventListener("pointerdown", away, true);
    return () => window.removeEventListener("pointerdown", away, true);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- closing is the same whenever it was made
  }, []);
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
    onActive?.(active ?? null);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- told when the row changes
  }, [active]);

  const ask = (next: string) => {
    props.onQuery(next);
    setAt(0);
  };
  const goBack = (): boolean => {
    const went = onBack?.() ?? false;
    if (went) setAt(0);
    return went;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const page = { PageDown: 8, PageUp: -8 }[event.key];
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to !== undefined) setAt((to + choices.length) % Math.max(1, choices.length));
    else if (page !== undefined) setAt(Math.max(0, Math.min(choices.length - 1, at + page)));
    else if (event.key === "Enter") {
      if (active !== undefined) pick(active, event.shiftKey);
    } else if (event.key === "Backspace") {
      if (query !== "" || !goBack()) return;
    } else if (event.key === "Escape") {
      if (!goBack()) onClose(true);
    } else if (event.key === "Tab") onClose(true);
    else return;
    event.preventDefault();
  };
  const pick = (choice: T, alone: boolean) => {
    onChoose(choice, alone);
    setAt(0);
  };
  return (
    <div
      className={`pick-list${props.wide ? " pick-list--wide" : ""}`}
      role="dialog"
      aria-label={label}
      ref={box}
      onKeyDown={onKeyDown}
      data-testid={props.testId}
    >
      <div className="pick-list__search">
        <Icon name={props.icon} size={14} />
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={active === undefined ? undefined : `${id}-${choices.indexOf(active)}`}
          aria-label={label}
          placeholder={props.placeholder ?? `${label}…`}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => ask(event.target.value)}
        />
      </div>
      <div className="pick-list__list" role="listbox" id={`${id}-list`} aria-label={label}>
        {choices.map((choice, index) => {
          const refused = props.refused?.(choice) ?? "";
          return (
            <div
              key={props.keyOf(choice)}
              id={`${id}-${index}`}
              role="option"
              aria-selected={choice === active}
              aria-disabled={refused !== ""}
              className={`pick-list__item${refused ? " is-refused" : ""}`}
              title={refused || props.hint?.(choice)}
              data-testid={`pick-${props.keyOf(choice)}`}
              onPointerMove={() => index !== at && setAt(index)}
              onClick={(event) => pick(choice, event.shiftKey)}
            >
              {props.children(choice)}
            </div>
          );
        })}
      </div>
      {choices.length === 0 && <p className="pick-list__none">{props.none}</p>}
      {props.foot}
    </div>
  );
}

/** Right of a node, for lists that are about it. */
export function besideNode(id: string): { x: number; y: number } {
  const card = canvasPane()
    ?.querySelector(`.react-flow__node[data-id="${CSS.escape(id)}"]`)
    ?.getBoundingClientRect();
  return { x: (card?.right ?? 300) + 12, y: card?.top ?? 120 };
}

/** In the middle of the canvas, near its top. */
export function overCanvas(width = 360): { x: number; y: number } {
  const box = canvasPane()?.getBoundingClientRect();
  return box
    ? { x: box.left + box.width / 2 - width / 2, y: box.top + 72 }
    : { x: innerWidth / 2 - width / 2, y: 120 };
}
