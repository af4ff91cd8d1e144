import { expect, test } from "vitest";

import type { LogChunk, LogStream } from "../types";
import { LineBuffer } from "./lines";

let seq = 0;
const chunk = (text: string, stream: LogStream = "stdout"): LogChunk => ({
  seq: ++seq,
  stream,
  at: `t${seq}`,
  text,
});
const texts = (buffer: LineBuffer) => buffer.lines.map((line) => line.text);

test("a chunk may end in the middle of a line", () => {
  const buffer = new LineBuffer();
  buffer.append([chunk("one\ntw"), chunk("o\nthree")]);
  expect(texts(buffer)).toEqual(["one", "two", "three"]);
  expect(buffer.stable).toBe(2);
});

test("streams that take turns do not mix within a line", () => {
  const buffer = new LineBuffer();
  buffer.append([chunk("loading "), chunk("warning\n", "stderr"), chunk("done\n")]);
  expect(texts(buffer)).toEqual(["loading done", "warning"]);
  expect(buffer.lines[1]?.stream).toBe("stderr");
  expect(buffer.stable).toBe(2);
});

test("a line has the time of its beginning", () => {
  const buffer = new LineBuffer();
  const first = chunk("a");
  buffer.append([first, chunk("b\n")]);
  expect(buffer.lines[0]?.at).toBe(first.at);
});

test("a chunk that is known already changes nothing", () => {
  const buffer = new LineBuffer();
  const chunks = [chunk("one\n"), chunk("two\n")];
  expect(buffer.append(chunks)).toBe(true);
  expect(buffer.append(chunks)).toBe(false);
  expect(texts(buffer)).toEqual(["one", "two"]);
});

test("a progress bar shows its last state, over chunks too", () => {
  const buffer = new LineBuffer();
  buffer.append([chunk(" 10%\r 50%"), chunk("\r"), chunk("100%\n"), chunk("windows\r\n")]);
  expect(texts(buffer)).toEqual(["100%", "windows"]);
});

test("empty lines are kept, and tabs stand at stops", () => {
  const buffer = new LineBuffer();
  buffer.append([chunk("a\n\nb\tc\n")]);
  expect(texts(buffer)).toEqual(["a", "", "b       c"]);
  expect(buffer.text()).toBe("a\n\nb       c\n");
});

test("a line that stays open does not hold up all that follow", () => {
  const buffer = new LineBuffer();
  buffer.append([chunk("waiting"), chunk("x\n".repeat(600), "stderr")]);
  expect(buffer.stable).toBe(601);
});
