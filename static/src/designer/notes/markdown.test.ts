import { describe, expect, it } from "vitest";

import { markdown } from "./markdown.ts";

describe("the Markdown of notes", () => {
  it("has headings, lists, tables and code", () => {
    expect(markdown("# Why\n\n- one\n- two")).toContain("<h1>Why</h1>\n<ul>\n<li>one</li>");
    expect(markdown("| a | b |\n|---|---|\n| 1 | 2 |")).toContain("<td>1</td>");
    expect(markdown("`code`")).toContain("<code>code</code>");
  });

  it.each([
    ["<script>alert(1)</script>", "<script"],
    ["<img src=x onerror=alert(1)>", "<img"],
    ["![x](https://elsewhere.example/spy.png)", "<img"],
    ["[x](javascript:alert(1))", "href"],
    ["[x](data:text/html,<script>alert(1)</script>)", "href"],
  ])("never lets %s through", (text, bad) => {
    expect(markdown(text)).not.toContain(bad);
  });

  it("opens links elsewhere, with no way back", () => {
    expect(markdown("[docs](https://example.org)")).toContain(
      'href="https://example.org" target="_blank" rel="noopener noreferrer nofollow"',
    );
  });
});
