import { memo } from "react";

import { formatClock, formatCount } from "../format";
import { parseAnsi, sliceSpans, type Span } from "./ansi";
import type { LogLine } from "./lines";
import { searchPattern } from "./search";

interface Props {
  line: LogLine;
  /** Null for what a wrapped line goes on with. */
  number: number | null;
  from: number;
  to: number;
  /** Characters left out at the end. */
  cut: number;
  times: boolean;
  query: string;
  marked: boolean;
}

const STREAMS = { stdout: "", stderr: "!", system: "›" } as const;

export const LogRow = memo(function LogRow({ line, number, from, to, cut, times, query, marked }: Props) {
  const spans = highlight(sliceSpans(parseAnsi(line.raw), from, to), line.text, query, from, to);
  return (
    <li className="log-row" data-stream={line.stream} data-marked={marked || undefined}>
      <span className="log-gutter">
        <span className="log-number">{number}</span>
        <span className="log-mark" title={line.stream} aria-hidden="true">
          {number !== null && STREAMS[line.stream]}
        </span>
        {times && <span className="log-time">{number !== null && formatClock(line.at)}</span>}
      </span>
      {line.stream !== "stdout" && number !== null && <span className="sr-only">{line.stream}: </span>}
      <span className="log-text">
        {spans.map((span, i) => (span.className === "" ? span.text : <Piece key={i} {...span} />))}
        {cut > 0 && <span className="muted"> … {formatCount(cut)} more characters (wrap to see them)</span>}
      </span>
    </li>
  );
});

const Piece = ({ text, className }: Span) =>
  className.startsWith("log-hit") ? (
    <mark className={className}>{text}</mark>
  ) : (
    <span className={className}>{text}</span>
  );

/** Cuts the spans at the borders of matches, which may go across colours and rows. */
function highlight(spans: Span[], text: string, query: string, from: number, to: number): Span[] {
  const pattern = searchPattern(query, "gi");
  if (!pattern) return spans;
  let out = spans;
  for (const match of text.matchAll(pattern)) {
    const start = Math.max(0, match.index - from);
    const end = Math.min(to, match.index + match[0].length) - from;
    if (end <= start) continue;
    const hit = sliceSpans(out, start, end).map((span) => ({
      ...span,
      className: `log-hit ${span.className}`.trim(),
    }));
    out = [...sliceSpans(out, 0, start), ...hit, ...sliceSpans(out, end, Infinity)];
  }
  return out;
}
