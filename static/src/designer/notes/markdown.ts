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
