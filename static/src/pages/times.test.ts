import { describe, expect, it } from "vitest";

import { ago } from "./times";

const NOW = Date.parse("2026-03-10T12:00:00Z");
const before = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

describe("how long ago", () => {
  it.each([
    [0, "just now"],
    [44, "just now"],
    [50, "1 minute ago"],
    [60 * 12, "12 minutes ago"],
    [3600, "1 hour ago"],
    [3600 * 23, "23 hours ago"],
    [86_400 * 2, "2 days ago"],
    [86_400 * 40, "29 Jan 2026"],
  ])("%i seconds", (seconds, words) => {
    expect(ago(before(seconds), NOW)).toBe(words);
  });
});
