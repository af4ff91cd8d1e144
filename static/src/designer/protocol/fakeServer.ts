/** A server for tests: applies batches as the real one does, and lets the test decide when it answers. */

import { apply } from "../../graph/apply.ts";
import { Refusal } from "../../graph/refusal.ts";
import { testCatalog } from "../../graph/testing.ts";
import type { Document, Op } from "../../graph/types.ts";
import { EMPTY } from "../../graph/types.ts";
import type { SocketLike } from "../../lib/connection.ts";

interface Sent {
  t: string;
  op_id?: string;
  ops?: Op[];
  rev?: number | null;
  client?: string;
}

interface Ops {
  t: "ops";
  rev: number;
  op_id: string;
  client: string;
  ops: Op[];
}

const USER = { id: 2, name: "bo", color: "#0077bb" };

export class FakeSocket implements SocketLike {
  onopen: SocketLike["onopen"] = null;
  onmessage: SocketLike["onmessage"] = null;
  onclose: SocketLike["onclose"] = null;
  readyState = 0;
  client = "";
  held: unknown[] = [];

  constructor(readonly server: FakeServer) {}

  open(): void {
    this.readyState = 1;
    this.onopen?.(new Event("open"));
  }

  send(data: string): void {
    this.server.receive(this, JSON.parse(data) as Sent);
  }

  /** Give the browser a message, or keep it until `release`. */
  give(message: unknown): void {
    if (this.server.holding) this.held.push(message);
    else if (this.readyState === 1)
      this.onmessage?.(new MessageEvent("message", { data: JSON.stringify(message) }));
  }

  close(code = 1006): void {
    this.readyState = 3;
    this.held = [];
    this.onclose?.({ code } as CloseEvent);
  }
}

export class FakeServer {
  document: Document = EMPTY;
  rev = 0;
  holding = false;
  reachable = true;
  readonly log: Ops[] = [];
  readonly sockets: FakeSocket[] = [];
  readonly received: Sent[] = [];
  private readonly catalog = testCatalog();

  make = (): SocketLike => {
    const socket = new FakeSocket(this);
    this.sockets.push(socket);
    queueMicrotask(() => (this.reachable ? socket.open() : socket.close()));
    return socket;
  };

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  receive(from: FakeSocket, message: Sent): void {
    this.received.push(message);
    if (message.t === "hello") {
      from.client = message.client ?? "";
      if (typeof message.rev === "number")
        for (const ops of this.log) if (ops.rev > message.rev) from.give(ops);
      if (typeof message.rev !== "number") {
        from.give({ t: "snapshot", rev: this.rev, document: this.document, problems: {}, components: {} });
      }
      from.give({ t: "ready", rev: this.rev });
    }
    if (message.t === "op") this.apply(message.ops!, message.op_id!, from);
  }

  /** Somebody else's edit. */
  remote(ops: Op[]): void {
    this.apply(ops, `remote-${this.rev}`, null);
  }

  private apply(ops: Op[], opId: string, from: FakeSocket | null): void {
    const known = this.log.find((each) => each.op_id === opId);
    if (known) return from?.give({ ...known, user: USER });
    try {
      this.document = apply(this.document, ops, this.catalog).document;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return from?.give({
        t: "reject",
        op_id: opId,
        code: error.code,
        message: error.message,
        at_rev: this.rev,
      });
    }
    const message: Ops = { t: "ops", rev: ++this.rev, op_id: opId, client: from?.client ?? "other", ops };
    this.log.push(message);
    for (const socket of this.sockets) if (socket.readyState === 1) socket.give({ ...message, user: USER });
  }

  release(): void {
    this.holding = false;
    const { held } = this.socket;
    this.socket.held = [];
    for (const message of held) this.socket.give(message);
  }
}
