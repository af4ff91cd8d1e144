import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { graph, step, testCatalog, wire } from "../../graph/testing.ts";
import type { Op } from "../../graph/types.ts";
import { FakeServer } from "./fakeServer.ts";
import type { Notice, SessionState } from "./session.ts";
import { Session } from "./session.ts";

const add = (id: string, name = id): Op => ({ op: "add_node", node: step(id, name) });
const connect = (from: string, to: string): Op => ({ op: "connect", ...wire(from, to) });

let server: FakeServer;
let session: Session;
let state: SessionState;
let notices: Notice[];

const ids = () => Object.keys(state.document.nodes).sort();
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(async () => {
  vi.useFakeTimers();
  server = new FakeServer();
  server.document = graph([step("load"), step("split")]);
  notices = [];
  session = new Session({
    url: "/ws",
    catalog: testCatalog(),
    make: server.make,
    events: {
      state: (next) => (state = next),
      problems: () => undefined,
      people: () => undefined,
      presence: () => undefined,
      left: () => undefined,
      text: () => undefined,
      notice: (notice) => notices.push(notice),
    },
  });
  session.start();
  await settle();
});

afterEach(() => {
  session.stop();
  vi.useRealTimers();
});

describe("editing", () => {
  it("shows an edit at once and is saved when the server has answered", () => {
    server.holding = true;
    session.edit([add("train")], "Add train");
    expect(ids()).toEqual(["load", "split", "train"]);
    expect(state.unsent).toBe(1);
    server.release();
    expect(state).toMatchObject({ unsent: 0, rev: 1 });
  });

  it("keeps the objects that it shows when the echo comes", () => {
    server.holding = true;
    session.edit([{ op: "move", positions: { load: [8, 8] } }], "Move");
    const before = state.document;
    server.release();
    expect(state.document).toBe(before);
  });

  it("refuses here what the server would refuse, and sends nothing", () => {
    const refusal = session.edit([connect("split.train", "load.rows")], "Connect");
    expect(refusal?.code).toBe("unknown_port");
    expect(server.received.some((message) => message.t === "op")).toBe(false);
  });

  it("sends one batch at a time, in order", () => {
    server.holding = true;
    session.edit([add("train")], "Add");
    session.edit([connect("split.train", "train.data")], "Connect");
    expect(server.received.filter((message) => message.t === "op")).toHaveLength(1);
    server.release();
    expect(server.log.map((each) => each.ops[0]!.op)).toEqual(["add_node", "connect"]);
  });

  it("tells flush when everything is saved", async () => {
    server.holding = true;
    session.edit([add("train")], "Add");
    let rev: number | null = null;
    void session.flush().then((saved) => (rev = saved));
    await settle();
    expect(rev).toBeNull();
    server.release();
    await settle();
    expect(rev).toBe(1);
  });
});

describe("others' edits", () => {
  it("are laid under what is not answered yet", () => {
    server.holding = true;
    session.edit([{ op: "set_params", id: "split", params: { ratio: 0.5 } }], "Set");
    server.holding = false;
    server.socket.give({ t: "ops", rev: 1, op_id: "r", client: "other", ops: [add("train")], user: {} });
    expect(ids()).toContain("train");
    expect(state.document.nodes.split!.params).toEqual({ ratio: 0.5 });
  });

  it("leave untouched nodes the same objects", () => {
    const before = state.document.nodes.load;
    server.remote([add("train")]);
    expect(state.document.nodes.load).toBe(before);
  });

  it("win where both cannot be: the refused batch is taken back, with the reason", () => {
    server.holding = true;
    session.edit([connect("load.table", "split.data")], "Connect");
    expect(Object.keys(state.document.edges)).toHaveLength(1);
    server.holding = false;
    server.socket.give({
      t: "ops",
      rev: 1,
      op_id: "r",
      client: "other",
      ops: [{ op: "remove_node", id: "load" }],
      user: {},
    });
    const { op_id } = server.received.find((message) => message.t === "op")!;
    server.socket.give({
      t: "reject",
      op_id,
      code: "unknown_node",
      message: "There is no node `load`.",
      at_rev: 1,
    });
    expect(state.document.edges).toEqual({});
    expect(state.unsent).toBe(0);
    expect(notices[0]!.message).toBe("There is no node `load`.");
    expect(state.canUndo).toBeNull();
  });

  it("may have taken an id first: ours get other ones, with all that builds on them", async () => {
    server.holding = true;
    session.edit([add("train")], "Add");
    session.edit([connect("split.train", "train.data")], "Connect");
    const { op_id } = server.received.find((message) => message.t === "op")!;
    server.log.length = 0;
    server.rev = 0;
    server.document = graph([step("load"), step("split")]);
    server.socket.held = [];
    server.holding = false;
    // The refusal is here before the edit that took the id.
    server.socket.give({ t: "reject", op_id, code: "duplicate_id", message: "", at_rev: 1 });
    await settle();
    expect(ids()).toEqual(["load", "split", "train_2"]);
    expect(state.document.edges).toHaveProperty("train_2.data");
    expect(state.unsent).toBe(0);
    session.undo();
    session.undo();
    expect(ids()).toEqual(["load", "split"]);
  });

  it("that were missed are asked for", async () => {
    server.socket.give({ t: "ops", rev: 3, op_id: "r", client: "other", ops: [add("train")], user: {} });
    server.remote([add("train")]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.received.filter((message) => message.t === "hello")).toHaveLength(2);
    expect(ids()).toContain("train");
    expect(state.line).toBe("online");
  });
});

describe("undo", () => {
  it("sends what takes the batch back as a new batch", () => {
    session.edit([add("train"), connect("split.train", "train.data")], "Add train");
    expect(session.undo()).toBe("Add train");
    expect(ids()).toEqual(["load", "split"]);
    expect(server.rev).toBe(2);
    expect(session.redo()).toBe("Add train");
    expect(server.document.edges).toHaveProperty("train.data");
  });

  it("outlives others' edits", () => {
    session.edit([{ op: "set_params", id: "split", params: { ratio: 0.5 } }], "Set ratio");
    server.remote([{ op: "update_node", id: "split", changes: { title: "Theirs" } }]);
    session.undo();
    expect(server.document.nodes.split).toMatchObject({ title: "Theirs", params: {} });
  });

  it("drops what cannot be taken back any more, with a note, and goes on", () => {
    session.edit([{ op: "move", positions: { load: [8, 8] } }], "Move load");
    session.edit([{ op: "set_params", id: "split", params: { ratio: 0.5 } }], "Set ratio");
    server.remote([{ op: "remove_node", id: "split" }]);
    expect(session.undo()).toBe("Move load");
    expect(notices).toHaveLength(1);
    expect(notices[0]!.message).toContain("Set ratio");
    expect(server.document.nodes.load).toMatchObject({ x: 0, y: 0 });
  });

  it("takes quick edits of one thing together", () => {
    for (const x of [8, 16, 24])
      session.edit([{ op: "move", positions: { load: [x, 0] } }], "Move", "nudge load");
    session.undo();
    expect(state.document.nodes.load!.x).toBe(0);
    session.redo();
    expect(state.document.nodes.load!.x).toBe(24);
  });
});

describe("without the server", () => {
  it("edits are kept and sent once, under the same id, when it is back", async () => {
    server.reachable = false;
    server.socket.close();
    session.edit([add("train")], "Add");
    expect(state).toMatchObject({ line: "offline", unsent: 1 });
    server.reachable = true;
    await vi.advanceTimersByTimeAsync(2000);
    expect(state).toMatchObject({ line: "online", unsent: 0, rev: 1 });
    expect(server.log).toHaveLength(1);
  });

  it("an edit that was applied but not answered is not applied twice", async () => {
    server.holding = true;
    session.edit([add("train")], "Add");
    expect(server.rev).toBe(1);
    server.holding = false;
    server.socket.close();
    await vi.advanceTimersByTimeAsync(2000);
    expect(server.rev).toBe(1);
    expect(state).toMatchObject({ unsent: 0, rev: 1 });
    expect(ids()).toEqual(["load", "split", "train"]);
  });

  it("for ten seconds, nothing may be changed any more until it is back", async () => {
    server.reachable = false;
    server.socket.close();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(state.frozen).toBe(true);
    expect(session.edit([add("train")], "Add")?.message).toContain("no connection");
    server.reachable = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(state).toMatchObject({ line: "online", frozen: false });
  });

  it("a refusal to have us at all is not tried again", async () => {
    server.socket.close(4404);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.sockets).toHaveLength(1);
    expect(state.line).toBe("refused");
  });
});
