/** A WebSocket that comes back by itself. */

export interface SocketLike {
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  readonly readyState: number;
  send(data: string): void;
  close(code?: number): void;
}

export interface ConnectionHandlers {
  open(): void;
  message(message: unknown): void;
  /** The line is down; `refused` when the server will not have us and trying again is useless. */
  down(refused: boolean): void;
}

const OPEN = 1;
const PING_EVERY = 20_000;
const SILENCE = 45_000;

export class Connection {
  private socket: SocketLike | null = null;
  private tries = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private ping: ReturnType<typeof setInterval> | undefined;
  private heard = 0;
  private stopped = false;

  constructor(
    private readonly url: () => string,
    private readonly handlers: ConnectionHandlers,
    private readonly make: (url: string) => SocketLike = (url) => new WebSocket(url),
  ) {}

  start(): void {
    this.stopped = false;
    globalThis.addEventListener("online", this.now);
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    globalThis.removeEventListener("online", this.now);
    clearTimeout(this.retry);
    clearInterval(this.ping);
    this.socket?.close();
    this.socket = null;
  }

  /** Whether the message went out. */
  send(message: unknown): boolean {
    if (this.socket?.readyState !== OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** Drop the line and take it up again. */
  restart(): void {
    this.socket?.close();
  }

  private now = (): void => {
    if (this.socket) return;
    clearTimeout(this.retry);
    this.connect();
  };

  private connect(): void {
    const socket = this.make(this.url());
    this.socket = socket;
    socket.onopen = () => {
      this.tries = 0;
      this.heard = Date.now();
      this.ping = setInterval(() => this.beat(), PING_EVERY);
      this.handlers.open();
    };
    socket.onmessage = (event) => {
      this.heard = Date.now();
      const message = JSON.parse(event.data as string) as { t?: string };
      if (message.t !== "pong") this.handlers.message(message);
    };
    socket.onclose = (event) => {
      clearInterval(this.ping);
      this.socket = null;
      const refused = event.code >= 4400 && event.code < 4500;
      if (this.stopped) return;
      this.handlers.down(refused);
      if (refused) return;
      const wait = Math.min(8000, 400 * 2 ** this.tries++) * (0.7 + 0.3 * Math.random());
      this.retry = setTimeout(() => this.connect(), wait);
    };
  }

  private beat(): void {
    if (Date.now() - this.heard > SILENCE) this.socket?.close();
    else this.send({ t: "ping" });
  }
}
