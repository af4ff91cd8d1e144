// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";

import { bind, holderOf, isChanged, keysOf, reset } from "./bindings.ts";
import { comboOf, keptFor, wordsOf, writes } from "./keys.ts";
import { COMMANDS, command, commandsFor } from "./registry.ts";

const press = (key: string, held: string = "") =>
  comboOf({
    key,
    ctrlKey: held.includes("c"),
    metaKey: held.includes("m"),
    altKey: held.includes("a"),
    shiftKey: held.includes("s"),
  });

describe("the list of commands", () => {
  it("gives no two the same name or the same keys", () => {
    const ids = COMMANDS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const keys = COMMANDS.flatMap((each) => each.keys);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });

  it("keeps off what the browser needs, but for the clipboard and Escape", () => {
    const taken = COMMANDS.filter((each) => !each.fixed && each.keys.some((key) => keptFor(key)));
    expect(taken).toEqual([]);
  });
});

describe("keys", () => {
  it.each([
    ["p", "cs", "Ctrl+Shift+P"],
    ["P", "ms", "Ctrl+Shift+P"],
    ["?", "s", "?"],
    ["/", "s", "/"],
    ["+", "", "+"],
    ["R", "s", "Shift+R"],
    [" ", "", "Space"],
    ["ArrowLeft", "as", "Alt+Shift+ArrowLeft"],
    ["Backspace", "c", "Ctrl+Delete"],
  ])("%s with %s is %s", (key, held, combo) => expect(press(key, held)).toBe(combo));

  it("waits while only Shift is down", () => expect(press("Shift", "s")).toBeNull());

  it("knows what would write, and how people read it", () => {
    expect(["/", "Shift+R", "Enter"].every(writes)).toBe(true);
    expect(["Ctrl+K", "F1", "Alt+X"].some(writes)).toBe(false);
    expect(wordsOf("Ctrl+Shift+ArrowUp")).toBe("Ctrl Shift ↑");
    expect(wordsOf("Ctrl++")).toBe("Ctrl +");
  });
});

describe("changing keys", () => {
  beforeEach(() => reset(null, COMMANDS));
  const fit = command("view.fit");
  const yaml = command("view.yaml");

  it("takes them from whoever had them, and gives them back", () => {
    expect(holderOf("Y", fit, COMMANDS)).toBe(yaml);
    bind(fit, ["Y"], COMMANDS);
    expect(commandsFor("Y")).toEqual([fit]);
    expect(keysOf(yaml)).toEqual([]);
    reset(yaml, COMMANDS);
    expect(commandsFor("Y")).toEqual([yaml]);
    expect(keysOf(fit)).toEqual([]);
    reset(null, COMMANDS);
    expect(commandsFor("F")).toEqual([fit]);
  });

  it("keeps only what differs", () => {
    bind(fit, ["Q"], COMMANDS);
    expect(JSON.parse(localStorage.getItem("portline.keys")!)).toEqual({ "view.fit": ["Q"] });
    bind(fit, ["F"], COMMANDS);
    expect(isChanged(fit)).toBe(false);
  });
});
