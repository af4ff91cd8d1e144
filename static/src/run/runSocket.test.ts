import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { openRunSocket } from "./runSocket";
import type { LogMessage, RunEvent } from "./types";

class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: Record<string, unknown>[] = [];
  onopen: () => void = () => {};
  onmessage: (event: { data: string }) => void = () => {};
  onclose: () => void = () => {};

  constructor(readonly url: URL) {
    FakeSocket.all.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close() {
    this.drop();
  }
  open() {
    this.readyState = FakeSocket.OPEN;
    this.onopen();
  }
  drop() {
    this.readyState = 3;
    this.onclose();
  }
  receive(message: object) {
    this.onmessage({ data: JSON.stringify(message) });
  }
}

beforeEach(() => {
  FakeSocket.all = [];
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const event = (seq: number) => ({ seq, type: "step.progress", at: "", data: { node: "a", progress: 0 } });
const log = (seq: number): LogMessage => ({
  t: "log",
  node: "train",
  attempt: 1,
  chunks: [{ seq, stream: "stdout", at: "", text: `${seq}\n` }],
  ended: false,
});

test("after a break it goes on where it was: no event twice, the log after the last chunk", () => {
  const seen: number[] = [];
  const onEvents = (events: RunEvent[]) => seen.push(...events.map((one) => one.seq));
  const states: boolean[] = [];
  const socket = openRunSocket("/ws/w/main/", 41, { after: 3, onEvents, onState: (on) => states.push(on) });
  const listener = vi.fn();
  socket.follow("train", 1, 7, listener);
  const [first] = FakeSocket.all;
  expect(first?.url.href).toMatch(/^ws.*\/ws\/w\/main\/runs\/41\/\?after=3$/);

  first?.open();
  expect(first?.sent).toEqual([{ t: "follow", node: "train", attempt: 1, after: 7 }]);
  first?.receive({ t: "events", events: [event(3), event(4), event(5)] });
  first?.receive(log(8));
  first?.drop();
  vi.advanceTimersByTime(1000);

  const second = FakeSocket.all[1];
  expect(second?.url.search).toBe("?after=5");
  second?.open();
  expect(second?.sent).toEqual([{ t: "follow", node: "train", attempt: 1, after: 8 }]);
  second?.receive({ t: "events", events: [event(5), event(6)] });
  expect(seen).toEqual([4, 5, 6]);
  expect(listener).toHaveBeenCalledTimes(1);
  expect(states).toEqual([true, false, true]);
  socket.close();
});

test("a closed socket stays closed", () => {
  openRunSocket("/ws/w/main/", 41).close();
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all).toHaveLength(1);
});

test("a newer follower of a node takes the place of the older, which cannot end it", () => {
  const socket = openRunSocket("/ws/w/main/", 41);
  const [fake] = FakeSocket.all;
  fake?.open();
  const older = vi.fn();
  const newer = vi.fn();
  const stopOlder = socket.follow("train", 1, null, older);
  const stopNewer = socket.follow("train", 2, null, newer);
  stopOlder();
  fake?.receive(log(1));
  expect(older).not.toHaveBeenCalled();
  expect(newer).toHaveBeenCalledOnce();
  stopNewer();
  expect(fake?.sent.at(-1)).toEqual({ t: "unfollow", node: "train" });
  socket.close();
});
