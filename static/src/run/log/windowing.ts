/** Which rows of a very long list are drawn. All rows have one height: a wrapped line is several rows. */

export interface RowWindow {
  first: number;
  /** One past the last. */
  end: number;
}

export function rowWindow(
  scrollTop: number,
  viewport: number,
  rowHeight: number,
  total: number,
  overscan = 12,
): RowWindow {
  const top = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const first = Math.min(Math.max(0, top - overscan), Math.max(0, total - 1));
  const end = Math.min(total, Math.ceil((Math.max(0, scrollTop) + viewport) / rowHeight) + overscan);
  return { first, end: Math.max(end, Math.min(total, first)) };
}

/** Where to scroll so that a row stands a third down the viewport, as people look for a line among what led to it. */
export function scrollTopFor(row: number, viewport: number, rowHeight: number, total: number): number {
  const most = Math.max(0, total * rowHeight - viewport);
  return Math.min(most, Math.max(0, row * rowHeight - Math.floor(viewport / 3)));
}

// Everything from Latin to Cyrillic is one cell wide in the log's font.
const WIDE = /[^\u0020-\u052f\u2010-\u2027\u2190-\u21ff\u2500-\u25ff]/u;

/** Positions at which a line of text breaks into rows of `columns` cells, the first being 0. Wide characters count as two. */
export function lineBreaks(text: string, columns: number): number[] {
  const breaks = [0];
  if (!WIDE.test(text)) {
    for (let at = columns; at < text.length; at += columns) breaks.push(at);
    return breaks;
  }
  let cells = 0;
  let at = 0;
  for (const character of text) {
    const width = WIDE.test(character) ? 2 : 1;
    if (cells + width > columns) {
      breaks.push(at);
      cells = 0;
    }
    cells += width;
    at += character.length;
  }
  return breaks;
}

const rowsOf = (text: string, columns: number) =>
  text.length <= columns / 2 || (text.length <= columns && !WIDE.test(text))
    ? 1
    : lineBreaks(text, columns).length;

/** Rows of lines: one each, or as many as the width asks for when lines wrap. */
export class RowMap {
  /** Row after line i. */
  private readonly ends: number[] = [];
  private count = 0;
  private stable = 0;

  constructor(readonly columns: number | null) {}

  get total(): number {
    return this.columns === null ? this.count : (this.ends[this.count - 1] ?? 0);
  }

  /** Takes in what was added; lines from what was `stable` the last time are measured again. */
  update(lines: readonly { text: string }[], stable: number): this {
    if (this.columns !== null) {
      const from = Math.min(this.stable, lines.length);
      let end = this.ends[from - 1] ?? 0;
      for (let i = from; i < lines.length; i += 1) {
        end += rowsOf(lines[i]!.text, this.columns);
        this.ends[i] = end;
      }
    }
    this.count = lines.length;
    this.stable = stable;
    return this;
  }

  rowOf(line: number): number {
    return this.columns === null ? line : (this.ends[line - 1] ?? 0);
  }

  /** The line that a row belongs to, and which of its rows it is. */
  lineAt(row: number): { line: number; part: number } {
    if (this.columns === null) return { line: row, part: 0 };
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ends[middle] ?? 0) > row) high = middle;
      else low = middle + 1;
    }
    return { line: low, part: row - this.rowOf(low) };
  }
}
