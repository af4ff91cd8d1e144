import type { KeyboardEvent } from "react";
import { memo, useCallback, useId, useLayoutEffect, useRef, useState } from "react";

import { Icon } from "../Icon";
import { rowWindow } from "../log/windowing";
import { StatusGlyph } from "../StatusGlyph";
import type { Iteration } from "../types";
import type { Column, Sorting } from "./columns";

const ROW = 28;

interface Props {
  label: string;
  columns: readonly Column[];
  rows: readonly Iteration[];
  best: number | null;
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
  /** Index of the iteration that the keyboard is on. */
  current: number | null;
  onCurrent: (index: number) => void;
  onOpen: (index: number) => void;
}

/** Any number of iterations: only the rows in view are there. Arrows move, Enter opens. */
export function IterationTable(props: Props) {
  const { label, columns, rows, best, sorting, onSort, current, onCurrent, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const base = useId();
  const [view, setView] = useState({ top: 0, height: 320 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setView((v) => ({ ...v, height: element.clientHeight })));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const onScroll = useCallback(() => {
    const top = scroller.current?.scrollTop ?? 0;
    setView((v) => (v.top === top ? v : { ...v, top }));
  }, []);

  const go = (at: number) => {
    const to = Math.min(rows.length - 1, Math.max(0, at));
    const element = scroller.current;
    if (!element || !rows[to]) return;
    if (to * ROW < element.scrollTop) element.scrollTop = to * ROW;
    else if ((to + 2) * ROW > element.scrollTop + element.clientHeight)
      element.scrollTop = (to + 2) * ROW - element.clientHeight;
    onCurrent(rows[to].index);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== scroller.current) return;
    const at = rows.findIndex((row) => row.index === current);
    const page = Math.max(1, Math.floor(view.height / ROW) - 2);
    const to: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? 0 : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: rows.length - 1,
    };
    const next = to[event.key];
    if (next !== undefined) go(next);
    else if ((event.key === "Enter" || event.key === " ") && at >= 0) onOpen(rows[at]!.index);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const { first, end } = rowWindow(view.top, view.height, ROW, rows.length, 8);
  const template = columns.map((column) => column.width).join(" ");
  return (
    <div
      className="iteration-table"
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={current === null ? undefined : `${base}-${current}`}
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      <div className="iteration-head" role="row" style={{ gridTemplateColumns: template }}>
        {columns.map((column) => (
          <Head key={column.key} column={column} sorting={sorting} onSort={onSort} />
        ))}
      </div>
      <div className="iteration-rows" role="rowgroup" style={{ height: rows.length * ROW }}>
        {rows.slice(first, end).map((row, i) => (
          <Row
            key={row.index}
            id={`${base}-${row.index}`}
            row={row}
            columns={columns}
            template={template}
            top={(first + i) * ROW}
            position={first + i + 2}
            best={row.index === best}
            current={row.index === current}
            onOpen={onOpen}
          />
        ))}
      </div>
    </div>
  );
}

function Head({
  column,
  sorting,
  onSort,
}: {
  column: Column;
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
}) {
  const is = sorting.key === column.key;
  return (
    <span
      role="columnheader"
      className="iteration-cell"
      data-number={column.number || undefined}
      aria-sort={is ? (sorting.down ? "descending" : "ascending") : "none"}
    >
      <button
        type="button"
        title={`Sort by ${column.title}`}
        onClick={() => onSort({ key: column.key, down: is ? !sorting.down : column.key === "metric" })}
      >
        {column.title}
        {is && <Icon name={sorting.down ? "chevron-down" : "chevron-up"} />}
      </button>
    </span>
  );
}

interface RowProps {
  id: string;
  row: Iteration;
  columns: readonly Column[];
  template: string;
  top: number;
  position: number;
  best: boolean;
  current: boolean;
  onOpen: (index: number) => void;
}

const Row = memo(function Row({
  id,
  row,
  columns,
  template,
  top,
  position,
  best,
  current,
  onOpen,
}: RowProps) {
  return (
    <div
      id={id}
      role="row"
      className="iteration-row"
      aria-rowindex={position}
      aria-selected={current}
      data-best={best || undefined}
      data-testid={`iteration-${row.index}`}
      style={{ top, gridTemplateColumns: template }}
      onClick={() => onOpen(row.index)}
    >
      {columns.map((column) => (
        <span
          key={column.key}
          role="gridcell"
          className="iteration-cell"
          data-number={column.number || undefined}
          title={column.key === "status" ? row.message || undefined : column.text(row)}
        >
          {column.key === "status" ? (
            <StatusGlyph status={row.status} size={14} />
          ) : column.key === "metric" && best ? (
            <>
              <Icon name="star" />
              <span className="sr-only">Best: </span>
              {column.text(row)}
            </>
          ) : (
            column.text(row)
          )}
        </span>
      ))}
    </div>
  );
});
