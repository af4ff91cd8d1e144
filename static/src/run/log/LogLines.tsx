import {
  type KeyboardEvent,
  type PointerEvent,
  type Ref,
  type WheelEvent,
  useCallback,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";

import { formatCount } from "../format";
import { Icon } from "../Icon";
import { LogRow } from "./LogRow";
import type { LogSnapshot } from "./store";
import { lineBreaks, RowMap, rowWindow, scrollTopFor } from "./windowing";

export interface LogLinesHandle {
  /** Scrolls to a line and stops following. */
  show: (line: number) => void;
}

interface Props {
  ref: Ref<LogLinesHandle>;
  label: string;
  log: LogSnapshot;
  wrap: boolean;
  times: boolean;
  query: string;
  mark: number | null;
  live: boolean;
}

const ROW = 18;
/** Milliseconds in which being at the end still is not a wish to follow again. */
const JUST_LEFT = 200;
/** Without wrapping, a longer line is cut: one of a megabyte would stop the browser. */
const LONGEST = 4000;

interface View {
  top: number;
  height: number;
  width: number;
}

/** The rows of a log, of which only those in view are in the page. */
export function LogLines({ ref, label, log, wrap, times, query, mark, live }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const lastTop = useRef(0);
  const [view, setView] = useState<View>({ top: 0, height: 600, width: 400 });
  const [cell, setCell] = useState(7.2);
  const [follow, setFollow] = useState(live);
  const following = useRef(live);
  const leftAt = useRef(-Infinity);

  const digits = Math.max(3, String(log.lines.length).length);
  const gutter = Math.ceil((digits + (times ? 13 : 0)) * cell) + 34;
  const columns = wrap ? Math.max(20, Math.floor((view.width - gutter - 12) / cell)) : null;
  const map = useMemo(() => new RowMap(columns), [columns]).update(log.lines, log.stable);
  const { total } = map;

  useLayoutEffect(() => {
    const element = scroller.current!;
    const measure = () => {
      setView((v) => ({ ...v, height: element.clientHeight, width: element.clientWidth }));
      setCell((probe.current?.getBoundingClientRect().width ?? 0) / 10 || 7.2);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // The newest line stays in view for as long as people have not scrolled away from it; otherwise wrapping,
  // which gives every line another place, leaves what was at the top there.
  const anchor = useRef(0);
  const placed = useRef(map);
  useLayoutEffect(() => {
    const element = scroller.current!;
    if (follow && following.current) element.scrollTop = total * ROW;
    else if (placed.current !== map) element.scrollTop = map.rowOf(anchor.current) * ROW;
    placed.current = map;
  }, [follow, total, view.height, map]);

  const setFollowing = useCallback((on: boolean) => {
    following.current = on;
    setFollow(on);
  }, []);

  // Lines may come so fast that the list is at its end again before the browser tells that it was scrolled:
  // that people mean to leave is known from what they do, not only from where the list is.
  const leave = useCallback(() => {
    leftAt.current = performance.now();
    setFollowing(false);
  }, [setFollowing]);
  const onWheel = (event: WheelEvent) => {
    if (event.deltaY < 0) leave();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (["ArrowUp", "PageUp", "Home"].includes(event.key)) leave();
  };
  const onPointerDown = (event: PointerEvent) => {
    const bar = event.currentTarget.getBoundingClientRect().left + event.currentTarget.clientWidth;
    if (event.pointerType === "touch" || event.clientX > bar) leave();
  };

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const top = element.scrollTop;
    const atEnd = top + element.clientHeight >= element.scrollHeight - ROW;
    if (atEnd && performance.now() - leftAt.current > JUST_LEFT) setFollowing(true);
    else if (top < lastTop.current) setFollowing(false);
    lastTop.current = top;
    anchor.current = map.lineAt(Math.floor(top / ROW)).line;
    setView((v) => (v.top === top ? v : { ...v, top }));
  }, [map, setFollowing]);

  useImperativeHandle(
    ref,
    () => ({
      show: (line) => {
        const element = scroller.current;
        if (!element) return;
        leave();
        lastTop.current = Infinity; // the way there is not a way down
        element.scrollTop = scrollTopFor(map.rowOf(line), element.clientHeight, ROW, map.total);
      },
    }),
    [map, leave],
  );

  const { first, end } = rowWindow(view.top, view.height, ROW, total);
  const rows = [];
  for (let row = first; row < end; row += 1) {
    const { line, part } = map.lineAt(row);
    const entry = log.lines[line];
    if (!entry) break;
    const breaks = columns === null ? [0] : lineBreaks(entry.text, columns);
    const from = breaks[part] ?? 0;
    const to = columns === null ? LONGEST : (breaks[part + 1] ?? entry.text.length);
    rows.push(
      <LogRow
        key={row}
        line={entry}
        number={part === 0 ? line + 1 : null}
        from={from}
        to={to}
        cut={columns === null ? Math.max(0, entry.text.length - LONGEST) : 0}
        times={times}
        query={query}
        marked={line === mark}
      />,
    );
  }
  const width = wrap ? undefined : gutter + Math.min(LONGEST + 40, log.widest) * cell + 16;

  return (
    <div className="log-frame">
      <div
        className="log-scroll"
        ref={scroller}
        onScroll={onScroll}
        onWheel={onWheel}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={label}
      >
        <div className="log-sheet" style={{ height: total * ROW, minWidth: width }}>
          <ol
            className="log-rows"
            style={{ transform: `translateY(${first * ROW}px)`, "--log-digits": digits }}
          >
            {rows}
          </ol>
        </div>
        <span className="log-probe" ref={probe} aria-hidden="true">
          0123456789
        </span>
      </div>
      {!follow &&
        total * ROW > view.height &&
        (live || view.top + view.height < total * ROW - view.height) && (
          <button type="button" className="run-button log-jump" onClick={() => setFollowing(true)}>
            <Icon name="arrow-down-to-line" />
            {live ? "Jump to newest" : "Jump to end"}
          </button>
        )}
      <span className="sr-only" role="status">
        {live ? "" : `${formatCount(log.lines.length)} lines`}
      </span>
    </div>
  );
}
