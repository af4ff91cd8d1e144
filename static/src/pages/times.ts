import { formatElapsed } from "../run/duration";

const UNITS: readonly (readonly [seconds: number, limit: number, word: string])[] = [
  [60, 60, "minute"],
  [3600, 24, "hour"],
  [86_400, 30, "day"],
];

/** Keeps "3 minutes ago" true and the durations of what runs ticking; writes moments in the zone of whoever looks. */
export function startTimes(): void {
  inOwnZone();
  document.addEventListener("htmx:afterSettle", inOwnZone);
  setInterval(tick, 1000);
  setInterval(() => {
    for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-relative]")) {
      time.textContent = ago(time.dateTime, Date.now());
    }
  }, 30_000);
}

function tick(): void {
  for (const span of document.querySelectorAll<HTMLElement>("[data-ticking]")) {
    span.textContent = formatElapsed(Date.now() - Date.parse(span.dataset.ticking ?? ""));
  }
}

/** `<time data-local>`, and `<input data-own-zone>` that is still empty. */
function inOwnZone(): void {
  for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-local]")) {
    time.textContent = localTime(time.dateTime);
  }
  for (const input of document.querySelectorAll<HTMLInputElement>("input[data-own-zone]")) {
    input.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
}

/** `Fri, 1 May 2026, 08:30 CEST`; the zone is the browser's unless given. */
export function localTime(iso: string, timeZone?: string): string {
  return new Date(iso).toLocaleString("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
    timeZone,
  });
}

/** The same words as `registry.templatetags.portline.ago`. */
export function ago(iso: string, now: number): string {
  const seconds = (now - Date.parse(iso)) / 1000;
  if (seconds < 45) return "just now";
  for (const [size, limit, word] of UNITS) {
    const count = Math.max(1, Math.round(seconds / size));
    if (count < limit) return `${count} ${word}${count === 1 ? "" : "s"} ago`;
  }
  const at = new Date(iso);
  return at.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}
