interface Line {
  text: string;
  stream?: string;
}

/** What people type, as text to be found: not a pattern, capitals do not matter. */
export function searchPattern(query: string, flags = "i"): RegExp | null {
  return query === "" ? null : new RegExp(query.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), flags);
}

/** Lines with a match, found once for what does not change any more and again for what still may. */
export class LogSearch {
  private readonly pattern: RegExp | null;
  private matches: number[] = [];
  private stable = 0;

  constructor(query: string) {
    this.pattern = searchPattern(query);
  }

  update(lines: readonly Line[], stable: number): readonly number[] {
    if (!this.pattern) return this.matches;
    const kept = this.matches.filter((line) => line < this.stable);
    for (let i = this.stable; i < lines.length; i += 1) if (this.pattern.test(lines[i]!.text)) kept.push(i);
    this.stable = stable;
    this.matches = kept;
    return kept;
  }
}

/** The match after (or before) a line, going round at the ends. */
export function nextMatch(matches: readonly number[], from: number, step: 1 | -1): number | undefined {
  const found = step === 1 ? matches.find((line) => line > from) : matches.findLast((line) => line < from);
  return found ?? (step === 1 ? matches[0] : matches.at(-1));
}

// `ValueError: ...`, `polars.exceptions.ColumnNotFoundError: ...`, `KeyboardInterrupt`
const PYTHON_ERROR = /^[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Iteration)\b(?::|$)/;
const SAYS_ERROR = /\b(?:error|fatal|exception|traceback|failed|panic)\b/i;

/** The line that most likely says why a step failed: the last exception, else the last that speaks of an error, else the last of stderr. */
export function lastErrorLine(lines: readonly Line[]): number | null {
  const rules: ((line: Line) => boolean)[] = [
    (line) => PYTHON_ERROR.test(line.text),
    (line) => line.stream !== "system" && SAYS_ERROR.test(line.text),
    (line) => line.stream === "stderr" && line.text.trim() !== "",
  ];
  for (const rule of rules) {
    const at = lines.findLastIndex(rule);
    if (at >= 0) return at;
  }
  return lines.length > 0 ? lines.length - 1 : null;
}
