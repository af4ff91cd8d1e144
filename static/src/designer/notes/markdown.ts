/** Markdown as HTML that may stand on the page: what people write as HTML stays text, and links lead only out. */

import MarkdownIt from "markdown-it";

const reader = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable("image");

reader.renderer.rules["link_open"] = (tokens, at, options, _env, self) => {
  tokens[at]!.attrSet("target", "_blank");
  tokens[at]!.attrSet("rel", "noopener noreferrer nofollow");
  return self.renderToken(tokens, at, options);
};

const known = new Map<string, string>();

export function markdown(text: string): string {
  let html = known.get(text);
  if (html === undefined) {
    if (known.size > 500) known.clear();
    known.set(text, (html = reader.render(text)));
  }
  return html;
}

/** Words in one style; a line that the author broke ends with "\n". */
export interface Run {
  readonly text: string;
  readonly bold: boolean;
  readonly code: boolean;
}

export interface Block {
  readonly kind: "h1" | "heading" | "text" | "code";
  /** px from the left, and what stands there: a bullet or a number. */
  readonly indent: number;
  readonly marker: string;
  /** Whether the next block follows at once, as the items of a list do. */
  readonly tight: boolean;
  readonly runs: readonly Run[];
}

const INDENT = 18;

/** Markdown as blocks of words, for what is drawn without HTML. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const lists: { next: number | null }[] = [];
  let kind: Block["kind"] = "text";
  let marker = "";
  const put = (of: Block["kind"], runs: readonly Run[], tight: boolean) => {
    blocks.push({ kind: of, indent: INDENT * lists.length, marker, tight, runs });
    marker = "";
  };
  for (const token of reader.parse(text, {})) {
    switch (token.type) {
      case "bullet_list_open":
        lists.push({ next: null });
        break;
      case "ordered_list_open":
        lists.push({ next: Number(token.attrGet("start") ?? 1) });
        break;
      case "bullet_list_close":
      case "ordered_list_close": {
        lists.pop();
        const last = blocks.at(-1);
        if (last && lists.length === 0) blocks[blocks.length - 1] = { ...last, tight: false };
        break;
      }
      case "list_item_open": {
        const list = lists.at(-1)!;
        marker = list.next === null ? "•" : `${list.next++}.`;
        break;
      }
      case "heading_open":
        kind = token.tag === "h1" ? "h1" : "heading";
        break;
      case "heading_close":
        kind = "text";
        break;
      case "inline":
        put(kind, runsOf(token.children ?? []), lists.length > 0);
        break;
      case "fence":
      case "code_block":
        put("code", [{ text: token.content.trimEnd(), bold: false, code: true }], false);
        break;
    }
  }
  return blocks;
}

function runsOf(tokens: readonly { type: string; content: string }[]): Run[] {
  let bold = 0;
  return tokens.flatMap(({ type, content }): Run[] => {
    if (type === "strong_open") bold++;
    else if (type === "strong_close") bold--;
    else if (type === "softbreak" || type === "hardbreak") return [{ text: "\n", bold: false, code: false }];
    else if (content) return [{ text: content, bold: bold > 0, code: type === "code_inline" }];
    return [];
  });
}
