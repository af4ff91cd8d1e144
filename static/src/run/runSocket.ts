import type { LogMessage, RunEvent, RunSocket } from "./types";

const PING_EVERY = 20_000;
const LONGEST_WAIT = 10_000;
/** After this there are no events: for who wants logs alone. */
export const NO_EVENTS = 2_147_483_647;

interface Follower {
  attempt: number | null;
  after: number | null;
  listener: (message: LogMessage) => void;
}

export interface OpenRunSocket extends RunSocket {
  close(): void;
}

interface Options {
  after?: number;
  onEvents?: (events: RunEvent[]) => void;
  onState?: (connected: boolean) => void;
}

type Incoming = LogMessage | { t: "events"; events: RunEvent[] } | { t: "pong" };

/** One run's socket, for as long as it is wanted: it comes back by itself and goes on where it was, so that nothing is lost or doubled. */
export function openRunSocket(
  ws: string,
  runId: number,
  { after = NO_EVENTS, onEvents, onState }: Options = {},
): OpenRunSocket {
  const followers = new Map<string, Follower>();
  const listeners = new Set<(events: RunEvent[]) => void>();
  let socket: WebSocket | null = null;
  let seq = after;
  let failures = 0;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pinger: ReturnType<typeof setInterval> | undefined;

  const send = (message: object) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };
  const ask = (node: string, { attempt, after }: Follower) =>
    send({ t: "follow", node, attempt, after: after ?? 0 });

  const receive = (message: Incoming) => {
    if (message.t === "events") {
      const fresh = message.events.filter((event) => event.seq > seq);
      seq = fresh.at(-1)?.seq ?? seq;
      if (fresh.length === 0) return;
      onEvents?.(fresh);
      for (const listener of listeners) listener(fresh);
    } else if (message.t === "log") {
      const follower = followers.get(message.node);
      if (!follower) return;
      follower.after = message.chunks.at(-1)?.seq ?? follower.after;
      follower.listener(message);
    }
  };

  const connect = () => {
    const address = new URL(`${ws}runs/${runId}/?after=${seq}`, window.location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const opened = new WebSocket(address);
    socket = opened;
    opened.onopen = () => {
      failures = 0;
      onState?.(true);
      for (const [node, follower] of followers) ask(node, follower);
      pinger = setInterval(() => send({ t: "ping" }), PING_EVERY);
    };
    opened.onmessage = (event: MessageEvent<string>) => receive(JSON.parse(event.data) as Incoming);
    opened.onclose = () => {
      clearInterval(pinger);
      if (closed) return;
      onState?.(false);
      const wait = Math.min(LONGEST_WAIT, 400 * 2 ** failures) * (0.75 + Math.random() / 2);
      failures += 1;
      timer = setTimeout(connect, wait);
    };
  };
  connect();

  return {
    follow(node, attempt, after, listener) {
      const follower = { attempt, after, listener };
      followers.set(node, follower);
      ask(node, follower);
      return () => {
        if (followers.get(node) !== follower) return;
        followers.delete(node);
        send({ t: "unfollow", node });
      };
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closed = true;
      clearTimeout(timer);
      clearInterval(pinger);
      socket?.close();
    },
  };
}
