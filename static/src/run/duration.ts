/** Durations that line up in a column: show them with tabular numbers. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (n: number) => String(n).padStart(2, "0");

/** `240 ms`, `4.2 s`, `3m 07s`, `2h 05m`, `3d 04h`; a dash where there is nothing to tell. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return "–";
  const value = Math.max(0, ms);
  if (value < SECOND - 0.5) return `${Math.round(value)} ms`;
  if (value < MINUTE - 50) return `${(value / SECOND).toFixed(1)} s`;
  return formatLong(Math.round(value / SECOND) * SECOND);
}

/** The same for a clock that is still running: whole seconds, so that it does not flicker. */
export function formatElapsed(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / SECOND) * SECOND);
  return whole < MINUTE ? `${whole / SECOND} s` : formatLong(whole);
}

function formatLong(value: number): string {
  if (value < HOUR) return `${Math.floor(value / MINUTE)}m ${two(Math.floor((value % MINUTE) / SECOND))}s`;
  if (value < DAY) return `${Math.floor(value / HOUR)}h ${two(Math.floor((value % HOUR) / MINUTE))}m`;
  return `${Math.floor(value / DAY)}d ${two(Math.floor((value % DAY) / HOUR))}h`;
}

export function parseTime(text: string | null | undefined): number | null {
  if (!text) return null;
  const value = Date.parse(text);
  return Number.isNaN(value) ? null : value;
}

/** Milliseconds from start to end, or to `now` while it is not over; null before the start. */
export function elapsed(
  startedAt: string | null | undefined,
  endedAt: string | null | undefined,
  now: number,
): number | null {
  const start = parseTime(startedAt);
  return start === null ? null : Math.max(0, (parseTime(endedAt) ?? now) - start);
}
