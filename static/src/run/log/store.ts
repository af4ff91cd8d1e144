import { ApiError, getJson } from "../api";
import { openRunSocket } from "../runSocket";
import type { LogPage, RunSocket } from "../types";
import { LineBuffer, type LogLine } from "./lines";

export interface LogSource {
  api: string;
  ws: string;
  runId: number;
  node: string;
  attempt: number;
  socket: RunSocket | undefined;
}

export interface LogSnapshot {
  /** The same array throughout, which only grows: `version` tells that it has. */
  lines: readonly LogLine[];
  stable: number;
  widest: number;
  version: number;
  state: "loading" | "ready" | "failed";
  message: string;
  ended: boolean;
  truncated: boolean;
  connected: boolean;
}

export const logUrl = ({ api, runId, node, attempt }: Omit<LogSource, "ws" | "socket">) =>
  `${api}runs/${runId}/steps/${encodeURIComponent(node)}/log/?attempt=${attempt}`;

/** One attempt's log: history by REST, then the tail by socket. Tells its listeners at most once a frame. */
export class LogStore {
  private readonly buffer = new LineBuffer();
  private readonly listeners = new Set<() => void>();
  private frame: number | null = null;
  private snapshot: LogSnapshot = {
    lines: this.buffer.lines,
    stable: 0,
    widest: 0,
    version: 0,
    state: "loading",
    message: "",
    ended: false,
    truncated: false,
    connected: true,
  };
  private next: Partial<LogSnapshot> = {};

  constructor(private readonly source: LogSource) {}

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  getSnapshot = () => this.snapshot;

  text = () => this.buffer.text();

  /** Reads and follows until the returned function is called; may be started again and goes on from there. */
  start = (): (() => void) => {
    const abort = new AbortController();
    let stopFollowing = () => {};
    this.history(abort.signal).then(
      (ended) => {
        if (!ended && !abort.signal.aborted) stopFollowing = this.tail();
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const missing = error instanceof ApiError && error.status === 404;
        if (missing) this.tell({ state: "ready", ended: true });
        else
          this.tell({
            state: "failed",
            message: error instanceof ApiError ? error.message : "The log could not be read.",
          });
      },
    );
    return () => {
      abort.abort();
      stopFollowing();
      if (this.frame !== null) cancelAnimationFrame(this.frame);
      this.frame = null;
    };
  };

  private async history(signal: AbortSignal): Promise<boolean> {
    for (;;) {
      const after = this.buffer.lastSeq;
      const url = logUrl(this.source) + (after === null ? "" : `&after=${after}`);
      const page = await getJson<LogPage>(url, signal);
      const more = this.buffer.append(page.chunks);
      this.tell({ state: "ready", ended: page.ended, truncated: page.truncated });
      if (!more) return page.ended;
    }
  }

  private tail(): () => void {
    const { ws, runId, node, attempt, socket } = this.source;
    const own = socket
      ? null
      : openRunSocket(ws, runId, { onState: (connected) => this.tell({ connected }) });
    const stop = (socket ?? own)?.follow(node, attempt, this.buffer.lastSeq, (message) => {
      if (message.attempt !== attempt) return;
      this.buffer.append(message.chunks);
      this.tell({
        ended: message.ended,
        ...(message.truncated === undefined ? {} : { truncated: message.truncated }),
      });
      // Nothing more comes: a socket for nothing costs the server one.
      if (message.ended) own?.close();
    });
    return () => {
      stop?.();
      own?.close();
    };
  }

  private tell(change: Partial<LogSnapshot>) {
    this.next = { ...this.next, ...change };
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.snapshot = {
        ...this.snapshot,
        ...this.next,
        stable: this.buffer.stable,
        widest: this.buffer.widest,
        version: this.snapshot.version + 1,
      };
      this.next = {};
      for (const listener of this.listeners) listener();
    });
  }
}
