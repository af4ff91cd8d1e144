/** The client's side of editing one pipeline: shows own edits at once, sends them one by one, and follows what others do. */

import { apply } from "../../graph/apply.ts";
import { baseOf, mintId, renameIn, uuid } from "../../graph/ids.ts";
import { Refusal } from "../../graph/refusal.ts";
import type { Catalog, Document, Interface, Op } from "../../graph/types.ts";
import { EMPTY } from "../../graph/types.ts";
import { Connection } from "../../lib/connection.ts";
import type { SocketLike } from "../../lib/connection.ts";
import { History } from "./history.ts";
import type { Step } from "./history.ts";
import type { ComponentTable, FromServer, Person, ProblemTable } from "./messages.ts";
import type { Batch } from "./pending.ts";
import { rebase } from "./pending.ts";

export type Line = "connecting" | "online" | "offline" | "refused";

export interface SessionState {
  readonly document: Document;
  readonly rev: number | null;
  readonly line: Line;
  readonly unsent: number;
  /** Too long without the server: nothing more may be changed until it is back. */
  readonly frozen: boolean;
  readonly canUndo: string | null;
  readonly canRedo: string | null;
}

export interface Notice {
  readonly code: string;
  readonly message: string;
  readonly ops: readonly Op[];
}

export interface SessionEvents {
  state(state: SessionState): void;
  problems(problems: ProblemTable, whole: boolean, document: Document): void;
  people(people: { client: string; user: Person }[]): void;
  presence(message: Extract<FromServer, { t: "presence" }>): void;
  left(client: string): void;
  text(): void;
  notice(notice: Notice): void;
}

export interface SessionOptions {
  url: string;
  catalog: Catalog & { components: Map<string, Interface> };
  events: SessionEvents;
  make?: (url: string) => SocketLike;
  freezeAfter?: number;
}

export class Session {
  readonly client = uuid();
  readonly history = new History();
  private confirmed: Document = EMPTY;
  private view: Document = EMPTY;
  private rev: number | null = null;
  private pending: Batch[] = [];
  private inFlight: string | null = null;
  private line: Line = "connecting";
  private ready = false;
  private frozen = false;
  private freezing: ReturnType<typeof setTimeout> | undefined;
  private waiting: (() => void)[] = [];
  private readonly expected = new Map<string, string>();
  private readonly connection: Connection;

  constructor(private readonly options: SessionOptions) {
    this.connection = new Connection(
      () => options.url,
      {
        open: () => this.connection.send({ t: "hello", rev: this.rev, client: this.client }),
        message: (message) => this.receive(message as FromServer),
        down: (refused) => this.down(refused),
      },
      options.make,
    );
  }

  start(): void {
    this.watch();
    this.connection.start();
  }

  stop(): void {
    clearTimeout(this.freezing);
    this.connection.stop();
  }

  get document(): Document {
    return this.view;
  }

  /** Do it now and send it. Gives the refusal when it cannot be done. */
  edit(ops: readonly Op[], label: string, merge: string | null = null): Refusal | null {
    if (ops.length === 0) return null;
    const done = this.enqueue(ops, true);
    if (done instanceof Refusal) return done;
    this.history.record({ ops: done.inverse, label, opIds: [done.opId], merge });
    this.publish();
    return null;
  }

  /** A batch of this person that goes to the server by another way: it can be undone here like the others. */
  expect(opId: string, label: string): void {
    this.expected.set(opId, label);
  }

  undo(): string | null {
    return this.replay(this.history.undo, this.history.redo);
  }

  redo(): string | null {
    return this.replay(this.history.redo, this.history.undo);
  }

  /** Resolves with the revision that holds every edit made so far. */
  async flush(): Promise<number | null> {
    if (this.pending.length > 0) await new Promise<void>((done) => this.waiting.push(done));
    return this.rev;
  }

  presence(cursor: [number, number] | null, selection: string[], field: string | null): void {
    if (this.ready) this.connection.send({ t: "presence", cursor, selection, field });
  }

  private replay(from: Step[], to: Step[]): string | null {
    for (let step = from.pop(); step; step = from.pop()) {
      const done = this.enqueue(step.ops, false);
      if (done instanceof Refusal) {
        const message = `“${step.label}” could not be taken back or done again: ${done.message}`;
        this.options.events.notice({ code: done.code, message, ops: [] });
        continue;
      }
      to.push({ ...step, ops: done.inverse, opIds: [done.opId], merge: null });
      this.publish();
      return step.label;
    }
    this.publish();
    return null;
  }

  private enqueue(ops: readonly Op[], fresh: boolean): { opId: string; inverse: readonly Op[] } | Refusal {
    if (this.frozen || this.line === "refused") {
      return new Refusal(
        "malformed",
        "There is no connection to the server, so nothing can be changed right now.",
      );
    }
    try {
      const { document, inverse } = apply(this.view, ops, this.options.catalog);
      const opId = uuid();
      this.pending.push({ opId, ops, fresh, after: document });
      this.view = document;
      this.sendNext();
      return { opId, inverse };
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  /** One batch is under way at a time: whatever builds on a refused one is judged again before it goes out. */
  private sendNext(): void {
    const next = this.pending[0];
    if (!this.ready || !next || this.inFlight === next.opId) return;
    if (this.connection.send({ t: "op", op_id: next.opId, base_rev: this.rev, ops: next.ops })) {
      this.inFlight = next.opId;
    }
  }

  private receive(message: FromServer): void {
    switch (message.t) {
      case "snapshot":
        this.learn(message.components);
        this.confirmed = { ...EMPTY, ...message.document };
        this.rev = message.rev;
        this.view = rebase(this.confirmed, this.pending, this.options.catalog);
        this.options.events.problems(message.problems, true, this.view);
        return this.publish();
      case "ready":
        this.ready = true;
        this.line = "online";
        this.frozen = false;
        this.inFlight = null;
        clearTimeout(this.freezing);
        this.options.events.people(message.people ?? []);
        this.sendNext();
        return this.publish();
      case "ops":
        return this.follow(message);
      case "reject":
        return this.rejected(message);
      case "presence":
        return this.options.events.presence(message);
      case "left":
        return this.options.events.left(message.client);
      case "text":
        return this.options.events.text();
    }
  }

  private follow(message: Extract<FromServer, { t: "ops" }>): void {
    this.learn(message.components ?? {});
    const own = this.pending.findIndex((batch) => batch.opId === message.op_id);
    const known = this.rev ?? 0;
    if (message.rev > known + 1) return this.connection.restart();
    if (message.rev > known) {
      const mine = own === 0 ? this.pending[0]! : null;
      this.rev = message.rev;
      if (mine?.after && message.client === this.client) {
        this.confirmed = mine.after;
        this.pending.shift();
      } else {
        try {
          const done = apply(this.confirmed, message.ops, this.options.catalog);
          this.confirmed = done.document;
          this.record(message.op_id, done.inverse);
        } catch {
          this.rev = null;
          return this.connection.restart();
        }
        if (own >= 0) this.pending.splice(own, 1);
        this.view = rebase(this.confirmed, this.pending, this.options.catalog);
      }
    } else if (own >= 0) {
      this.pending.splice(own, 1);
      this.view = rebase(this.confirmed, this.pending, this.options.catalog);
    }
    if (message.problems) this.options.events.problems(message.problems, false, this.view);
    if (own >= 0) this.answered();
    else this.publish();
  }

  private record(opId: string, inverse: readonly Op[]): void {
    const label = this.expected.get(opId);
    if (label === undefined) return;
    this.expected.delete(opId);
    this.history.record({ ops: inverse, label, opIds: [opId], merge: null });
  }

  private rejected(message: Extract<FromServer, { t: "reject" }>): void {
    const at = this.pending.findIndex((batch) => batch.opId === message.op_id);
    if (at < 0) return;
    const batch = this.pending[at]!;
    if (message.code === "duplicate_id" && this.rename(batch)) return this.answered();
    this.pending.splice(at, 1);
    this.history.forget(batch.opId);
    this.view = rebase(this.confirmed, this.pending, this.options.catalog);
    this.options.events.notice({ code: message.code, message: message.message, ops: batch.ops });
    this.answered();
  }

  /** Somebody else took the id first: give ours new ones, here and in everything that builds on it. */
  private rename(batch: Batch): boolean {
    const added = batch.ops.flatMap((op) => (op.op === "add_node" ? [op.node.id] : []));
    if (!batch.fresh || added.length === 0) return false;
    // The refusal may be here before the edit that took the id; then any of them may be the one.
    const known = added.filter((id) => id in this.confirmed.nodes);
    const names = new Map<string, string>();
    const given = new Set(added);
    const taken = (id: string) => id in this.confirmed.nodes || id in this.view.nodes || given.has(id);
    for (const id of known.length > 0 ? known : added) {
      const next = mintId(baseOf(id), taken);
      given.add(next);
      names.set(id, next);
    }
    const oldId = batch.opId;
    batch.opId = uuid();
    for (const each of this.pending) each.ops = renameIn(each.ops, names);
    this.history.rewrite((ops) => renameIn(ops, names));
    for (const step of [...this.history.undo, ...this.history.redo]) {
      step.opIds = step.opIds.map((id) => (id === oldId ? batch.opId : id));
    }
    this.view = rebase(this.confirmed, this.pending, this.options.catalog);
    return true;
  }

  private answered(): void {
    this.inFlight = null;
    this.sendNext();
    this.publish();
    if (this.pending.length === 0) for (const done of this.waiting.splice(0)) done();
  }

  private learn(components: ComponentTable): void {
    for (const face of Object.values(components)) this.options.catalog.components.set(face.ref, face);
  }

  private down(refused: boolean): void {
    this.ready = false;
    this.inFlight = null;
    if (refused) this.line = "refused";
    else if (this.line === "online") {
      this.line = "offline";
      this.watch();
    }
    this.publish();
  }

  private watch(): void {
    clearTimeout(this.freezing);
    this.freezing = setTimeout(() => {
      this.frozen = true;
      if (this.line === "connecting") this.line = "offline";
      this.publish();
    }, this.options.freezeAfter ?? 10_000);
  }

  private publish(): void {
    this.options.events.state({
      document: this.view,
      rev: this.rev,
      line: this.line,
      unsent: this.pending.length,
      frozen: this.frozen,
      canUndo: this.history.undo.at(-1)?.label ?? null,
      canRedo: this.history.redo.at(-1)?.label ?? null,
    });
  }
}
