/** Terminal colours as spans with class names: only what SGR says about looks is kept, every other escape is dropped. */

export interface Span {
  text: string;
  className: string;
}

// CSI sequences, OSC strings, other two-character escapes, and control characters that would draw nothing or a box.
const ESCAPES =
  /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-_]?|[\x00-\x08\x0b-\x1f\x7f]/g;
const SGR = /^\x1b\[([\d;]*)m$/;
const ANY = /[\x00-\x08\x0b-\x1f\x7f]/;

interface Look {
  fg: number | null;
  bg: number | null;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  inverse: boolean;
}

const PLAIN: Look = {
  fg: null,
  bg: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
};

export const plainText = (raw: string): string => (ANY.test(raw) ? raw.replace(ESCAPES, "") : raw);

/** The line as spans; their texts joined are `plainText(raw)`. */
export function parseAnsi(raw: string): Span[] {
  if (!ANY.test(raw)) return [{ text: raw, className: "" }];
  const spans: Span[] = [];
  let look = { ...PLAIN };
  let at = 0;
  const push = (text: string) => {
    if (text === "") return;
    const className = classOf(look);
    const last = spans.at(-1);
    if (last?.className === className) last.text += text;
    else spans.push({ text, className });
  };
  for (const match of raw.matchAll(ESCAPES)) {
    push(raw.slice(at, match.index));
    at = match.index + match[0].length;
    const sgr = SGR.exec(match[0]);
    if (sgr) look = applySgr(look, sgr[1] ?? "");
  }
  push(raw.slice(at));
  return spans;
}

function applySgr(before: Look, parameters: string): Look {
  let look = { ...before };
  const codes = parameters === "" ? [0] : parameters.split(";").map(Number);
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] ?? 0;
    if (code === 0) look = { ...PLAIN };
    else if (code === 1) look.bold = true;
    else if (code === 2) look.dim = true;
    else if (code === 3) look.italic = true;
    else if (code === 4) look.underline = true;
    else if (code === 7) look.inverse = true;
    else if (code === 22) look.bold = look.dim = false;
    else if (code === 23) look.italic = false;
    else if (code === 24) look.underline = false;
    else if (code === 27) look.inverse = false;
    else if (code >= 30 && code <= 37) look.fg = code - 30;
    else if (code === 39) look.fg = null;
    else if (code >= 40 && code <= 47) look.bg = code - 40;
    else if (code === 49) look.bg = null;
    else if (code >= 90 && code <= 97) look.fg = code - 82;
    else if (code >= 100 && code <= 107) look.bg = code - 92;
    else if (code === 38 || code === 48) {
      const color = codes[i + 1] === 5 ? (codes[i + 2] ?? 0) : null;
      const basic = color !== null && color < 16 ? color : null;
      if (code === 38) look.fg = basic;
      else look.bg = basic;
      i += codes[i + 1] === 5 ? 2 : 4;
    }
  }
  return look;
}

function classOf(look: Look): string {
  const names: string[] = [];
  if (look.fg !== null) names.push(`ansi-fg-${look.fg % 8}`);
  if (look.bg !== null) names.push(`ansi-bg-${look.bg % 8}`);
  if (look.bold) names.push("ansi-bold");
  if (look.dim) names.push("ansi-dim");
  if (look.italic) names.push("ansi-italic");
  if (look.underline) names.push("ansi-underline");
  if (look.inverse) names.push("ansi-inverse");
  return names.join(" ");
}

/** The part of the spans that stands between two positions of the plain text. */
export function sliceSpans(spans: Span[], from: number, to: number): Span[] {
  const out: Span[] = [];
  let at = 0;
  for (const span of spans) {
    const end = at + span.text.length;
    if (Math.min(end, to) > Math.max(at, from))
      out.push({
        text: span.text.slice(Math.max(0, from - at), to - at),
        className: span.className,
      });
    if (end >= to) break;
    at = end;
  }
  return out;
}
