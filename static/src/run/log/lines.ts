import type { LogChunk, LogStream } from "../types";
import { plainText } from "./ansi";

export interface LogLine {
  raw: string;
  /** Without colours: what is searched, measured and copied. */
  text: string;
  stream: LogStream;
  at: string;
}

/** An unfinished line that others have left this far behind is taken as finished. */
const LEFT_BEHIND = 500;
const TAB = 8;

/** Makes lines of chunks, which may end anywhere: in the middle of a line, or in a progress bar that is redrawn with carriage returns. */
export class LineBuffer {
  readonly lines: LogLine[] = [];
  lastSeq: number | null = null;
  /** Width of the widest line, in characters. */
  widest = 0;
  private readonly open = new Map<LogStream, number>();

  /** Lines before this index never change any more. */
  get stable(): number {
    return Math.min(this.lines.length, ...this.open.values());
  }

  /** Takes chunks in order; one that is known already changes nothing. */
  append(chunks: LogChunk[]): boolean {
    let changed = false;
    for (const chunk of chunks) {
      if (this.lastSeq !== null && chunk.seq <= this.lastSeq) continue;
      this.lastSeq = chunk.seq;
      this.take(chunk);
      changed = true;
    }
    for (const [stream, index] of this.open)
      if (index < this.lines.length - LEFT_BEHIND) this.open.delete(stream);
    return changed;
  }

  private take({ stream, text, at }: LogChunk) {
    const parts = text.split("\n");
    parts.forEach((part, i) => {
      const ended = i < parts.length - 1;
      if (part === "" && !ended) return;
      const index = this.open.get(stream);
      const raw = redrawn((index === undefined ? "" : this.lines[index]!.raw) + part, ended);
      const line = { raw, text: plainText(raw), stream, at };
      if (index === undefined) this.lines.push(line);
      else this.lines[index] = { ...line, at: this.lines[index]!.at };
      this.widest = Math.max(this.widest, line.text.length);
      if (ended) this.open.delete(stream);
      else this.open.set(stream, index ?? this.lines.length - 1);
    });
  }

  text(): string {
    return this.lines.map((line) => line.text).join("\n") + (this.lines.length > 0 ? "\n" : "");
  }
}

/** What a terminal would show: text after a carriage return stands in place of what was before it. */
function redrawn(raw: string, ended: boolean): string {
  let text = raw;
  if (text.includes("\r")) {
    const waiting = !ended && text.endsWith("\r");
    const kept = text
      .split("\r")
      .filter((part) => part !== "")
      .at(-1);
    text = (kept ?? "") + (waiting ? "\r" : "");
  }
  return text.includes("\t") ? expandTabs(text) : text;
}

function expandTabs(text: string): string {
  let out = "";
  for (const part of text.split(/(\t)/))
    out += part === "\t" ? " ".repeat(TAB - (plainText(out).length % TAB)) : part;
  return out;
}
