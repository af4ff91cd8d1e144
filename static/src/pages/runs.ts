import { formatDuration, formatElapsed } from "../run/duration";
import { glyph } from "./glyph";
import { load } from "./htmx";
import { showLastRuns } from "./last-runs";

interface RunMessage {
  t: string;
  id: number;
  status: string;
  counts: Record<string, number>;
  started_at: string | null;
  ended_at: string | null;
}

const SEGMENTS: readonly (readonly [tone: string, word: string, states: readonly string[]])[] = [
  ["completed", "completed", ["Completed"]],
  ["failed", "failed", ["Failed"]],
  ["running", "running", ["Preparing", "Running", "Finalizing", "CancelRequested"]],
  ["queued", "waiting", ["Queued", "Waiting"]],
  ["skipped", "skipped or canceled", ["Skipped", "Canceled"]],
  ["idle", "not started", ["NotStarted"]],
];
const RETRY_MS = [1000, 2000, 5000, 10_000];

/** `data-runs-feed="/ws/w/.../runs/"`: states, bars and durations of the listed runs change as they happen. */
export function startRunsFeed(): void {
  const place = document.querySelector<HTMLElement>("[data-runs-feed]");
  const path = place?.dataset.runsFeed;
  if (!place || !path) return;
  connect(place, path, 0);
  const url = place.dataset.runsApi;
  if (url === undefined) return;
  void showLastRuns(url);
  document.addEventListener("htmx:afterSettle", () => void showLastRuns(url));
}

function connect(place: HTMLElement, path: string, tries: number): void {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`);
  let opened = false;
  socket.addEventListener("open", () => {
    opened = true;
    if (tries > 0) refresh(place); // what happened meanwhile
  });
  socket.addEventListener("message", (event) => {
    const message = JSON.parse(String(event.data)) as RunMessage;
    if (message.t === "run") show(place, message);
  });
  socket.addEventListener("close", () => {
    const again = opened ? 1 : tries + 1;
    setTimeout(() => connect(place, path, again), RETRY_MS[Math.min(again, RETRY_MS.length) - 1]);
  });
}

function show(place: HTMLElement, run: RunMessage): void {
  const shown = document.querySelectorAll<HTMLElement>(`[data-run="${run.id}"]`);
  if (shown.length === 0) refresh(place);
  for (const element of shown) {
    replaceGlyph(element, run.status);
    const bar = element.querySelector(".segments");
    if (bar) bar.replaceWith(segments(run.counts));
    const duration = element.querySelector<HTMLElement>("[data-duration]");
    if (duration) setDuration(duration, run);
    element
      .querySelector<HTMLElement>("[data-while-active]")
      ?.toggleAttribute("hidden", run.ended_at !== null);
    element.querySelector<HTMLElement>("[data-when-ended]")?.toggleAttribute("hidden", run.ended_at === null);
  }
}

let refreshing: ReturnType<typeof setTimeout> | undefined;

/** A run that is not on the page yet: ask again, once for many messages. */
function refresh(place: HTMLElement): void {
  const { into, runsApi } = place.dataset;
  if (refreshing !== undefined) return;
  refreshing = setTimeout(() => {
    refreshing = undefined;
    if (into) load(location.pathname + location.search, into);
    if (runsApi) void showLastRuns(runsApi);
  }, 400);
}

function replaceGlyph(element: HTMLElement, status: string): void {
  const old = element.querySelector<HTMLElement>(".status-glyph");
  const drawn = glyph(status);
  if (old && drawn && old.dataset.status !== status) old.replaceWith(drawn);
}

function setDuration(place: HTMLElement, run: RunMessage): void {
  const span = document.createElement("span");
  span.className = "tabular";
  if (run.started_at && !run.ended_at) {
    span.dataset.ticking = run.started_at;
    span.textContent = formatElapsed(Date.now() - Date.parse(run.started_at));
  } else if (run.started_at && run.ended_at) {
    span.textContent = formatDuration(Date.parse(run.ended_at) - Date.parse(run.started_at));
  } else span.textContent = "–";
  place.replaceChildren(span);
}

function segments(counts: Record<string, number>): HTMLElement {
  const count = (states: readonly string[]) => states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  const total = Object.values(counts).reduce((sum, value) => sum + value, 0);
  const grouped = SEGMENTS.map(([tone, word, states]) => ({ tone, word, count: count(states) }));
  const shown = grouped.filter((group) => group.count > 0);
  const words = shown.map((group) => `${group.count} ${group.word}`).join(", ") || "no steps";
  const whole = document.createElement("span");
  whole.className = "segments";
  whole.setAttribute("role", "img");
  whole.setAttribute("aria-label", words);
  whole.title = words;
  const bar = document.createElement("span");
  bar.className = "segments-bar";
  for (const group of shown) {
    const part = document.createElement("i");
    part.className = `tone-${group.tone}`;
    part.style.flexGrow = String(group.count);
    bar.append(part);
  }
  const text = document.createElement("span");
  text.className = "segments-text";
  text.textContent = `${count(["Completed", "Skipped"])} / ${total}`;
  whole.append(bar, text);
  return whole;
}
