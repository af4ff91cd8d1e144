import type { KeyboardEvent } from "react";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

import { search } from "../../lib/fuzzy.ts";
import { columnWord } from "../data/columns.ts";
import type { Column } from "../state/results.ts";

interface Props {
  id: string;
  field: string;
  text: string;
  placeholder: string;
  /** What is offered; empty where nothing is known, and any text is taken all the same. */
  columns: readonly Column[];
  describedBy: string | undefined;
  invalid: boolean;
  disabled: boolean;
  onText: (text: string) => void;
  onPick: (name: string) => void;
  /** Take the text as it was typed. */
  onEnter: () => void;
  onBlur: () => void;
  onEscape?: () => void;
  /** Backspace before an empty text. */
  onBack?: () => void;
}

/** A text field that offers columns as one types; what is not offered may be typed too. */
export function ColumnInput(props: Props) {
  const { id, text, columns, disabled, onPick } = props;
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState(false);
  const [at, setAt] = useState(-1);
  const list = useRef<HTMLUListElement>(null);
  // Before anything is typed all columns are offered, also to a field that has a value.
  const found = useMemo(
    () => (typed && text ? search(text, columns, (column) => [column.name]) : columns).slice(0, 300),
    [typed, text, columns],
  );
  const shown = open && !disabled && found.length > 0;
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const field = box.current?.closest(".chips") ?? box.current;
    const element = list.current;
    if (!field || !element) return;
    const { left, top, bottom, width } = field.getBoundingClientRect();
    const { height } = element.getBoundingClientRect();
    const below = bottom + 4 + height <= innerHeight - 8;
    element.style.left = `${left}px`;
    element.style.width = `${width}px`;
    element.style.top = `${below ? bottom + 4 : Math.max(8, top - 4 - height)}px`;
  });
  useEffect(() => {
    if (!shown) return;
    const away = (event: Event) => {
      if (event.target !== list.current) setOpen(false);
    };
    window.addEventListener("scroll", away, true);
    return () => window.removeEventListener("scroll", away, true);
  }, [shown]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const close = () => {
    setOpen(false);
    setTyped(false);
    setAt(-1);
  };
  const pick = (name: string) => {
    close();
    onPick(name);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!shown) return setOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt((now) => (now < 0 && step < 0 ? found.length - 1 : (now + step + found.length) % found.length));
    } else if (event.key === "Enter" || (event.key === "," && props.onBack)) {
      event.preventDefault();
      const chosen = shown ? found[at] : undefined;
      if (chosen && event.key === "Enter") return pick(chosen.name);
      close();
      props.onEnter();
    } else if (event.key === "Escape" && (shown || props.onEscape)) {
      event.stopPropagation();
      if (shown) close();
      else props.onEscape?.();
    } else if (event.key === "Backspace" && text === "") props.onBack?.();
  };
  return (
    <div className="column-input" ref={box}>
      <input
        id={id}
        className="text-input"
        data-field={props.field}
        role="combobox"
        aria-expanded={shown}
        aria-controls={`${id}-columns`}
        aria-activedescendant={shown && at >= 0 ? `${id}-column-${at}` : undefined}
        aria-autocomplete="list"
        value={text}
        placeholder={props.placeholder}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid || undefined}
        disabled={disabled}
        autoComplete="off"
        spellCheck={false}
        onFocus={() => setOpen(true)}
        onClick={() => setOpen(true)}
        onChange={(event) => {
          setOpen(true);
          setTyped(true);
          setAt(-1);
          props.onText(event.target.value);
        }}
        onBlur={() => {
          close();
          props.onBlur();
        }}
        onKeyDown={onKeyDown}
      />
      {shown && (
        <ul
          className="column-input__list"
          id={`${id}-columns`}
          role="listbox"
          aria-label="Columns"
          ref={list}
        >
          {found.map((column, index) => (
            <li
              key={column.name}
              id={`${id}-column-${index}`}
              role="option"
              aria-selected={index === at}
              data-testid={`column-${column.name}`}
              onPointerDown={(event) => {
                // The field keeps the focus: it is for the next column, or for the next key.
                event.preventDefault();
                pick(column.name);
              }}
              onPointerMove={() => setAt(index)}
            >
              <span>{column.name}</span>
              <small>{columnWord(column.type)}</small>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
