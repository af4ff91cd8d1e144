/** Where the jobs of a pipeline stand in its YAML. */

export interface JobPlace {
  /** The node that it is. */
  readonly id: string;
  /** Offsets of its first character and of what follows its last line. */
  readonly from: number;
  readonly to: number;
}

const KEY = /^(\s*)(["']?)([\w-]+)\2\s*:/;

/** The jobs in order, by their lines: half-typed text has them too. Jobs within braces are not found. */
export function jobPlaces(text: string): JobPlace[] {
  const found: { id: string; from: number; to: number }[] = [];
  let inside = false;
  let indent = -1;
  let at = 0;
  for (const line of text.split("\n")) {
    const from = at;
    at += line.length + 1;
    if (/^\s*(#.*)?$/.test(line)) continue;
    const [, space = "", , name = ""] = KEY.exec(line) ?? [];
    if (!/^\s/.test(line)) {
      inside = name === "jobs";
      indent = -1;
      continue;
    }
    if (!inside) continue;
    const own = line.length - line.trimStart().length;
    if (indent < 0) indent = own;
    if (own === indent && name && space.length === own)
      found.push({ id: name.toLowerCase(), from: from + own, to: 0 });
    const last = found.at(-1);
    if (last) last.to = Math.min(at, text.length);
  }
  return found;
}

export const jobAt = (text: string, offset: number): string | null =>
  jobPlaces(text).find((job) => job.from <= offset && offset < job.to)?.id ?? null;

/** The one change that makes a text of another, so that cursor and scroll stay. */
export function changeBetween(before: string, after: string): { from: number; to: number; insert: string } {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from++;
  let tail = 0;
  while (tail < most - from && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { from, to: before.length - tail, insert: after.slice(from, after.length - tail) };
}
