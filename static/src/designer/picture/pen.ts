/** What a picture is drawn with: SVG text whose every value is escaped. */

import type { Theme } from "./colours.ts";
import { colour } from "./colours.ts";

export interface TextLook {
  readonly size: number;
  readonly weight: number;
  readonly mono?: boolean;
}

export interface Tools {
  readonly theme: Theme;
  /** The shapes within an icon's 24 px box; nothing where it is not known. */
  readonly icon: (name: string) => string;
  /** How wide a text is, in px. */
  readonly measure: (text: string, look: TextLook) => number;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

export const SANS = "Inter, 'Inter Variable', system-ui, sans-serif";
export const MONO = "'JetBrains Mono', 'JetBrains Mono Variable', ui-monospace, monospace";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** As text or value of XML, without the control characters that XML cannot hold. */
export const escape = (text: string): string =>
  text

    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])/g, "")
    .replace(/[&<>"']/g, (letter) => ENTITIES[letter]!);

export function element(name: string, attributes: Attributes, inner = ""): string {
  const said = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escape(typeof value === "number" ? rounded(value) : value!)}"`)
    .join("");
  return inner ? `<${name}${said}>${inner}</${name}>` : `<${name}${said}/>`;
}

const rounded = (value: number): string => String(Math.round(value * 100) / 100);

export class Pen {
  constructor(readonly tools: Tools) {}

  colour = (token: string): string => colour(this.tools.theme, token);

  /** On one line from `x` on, or up to it; cut where it is wider than `room`. */
  text(
    x: number,
    baseline: number,
    text: string,
    {
      fill = "--ink",
      room = Infinity,
      end = false,
      ...look
    }: TextLook & { fill?: string; room?: number; end?: boolean },
  ): string {
    const said = this.fit(text, look, room);
    if (!said.trim()) return "";
    return element(
      "text",
      {
        x,
        y: baseline,
        fill: this.colour(fill),
        "font-size": look.size,
        "font-weight": look.weight,
        "font-family": look.mono ? MONO : undefined,
        "text-anchor": end ? "end" : undefined,
        "xml:space": "preserve",
      },
      escape(said),
    );
  }

  /** The text, or its beginning with an ellipsis. */
  fit(text: string, look: TextLook, room: number): string {
    if (room === Infinity || this.tools.measure(text, look) <= room + 0.5) return text;
    const letters = Array.from(text);
    let [low, high] = [0, letters.length];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.tools.measure(`${letters.slice(0, middle).join("")}…`, look) <= room) low = middle;
      else high = middle - 1;
    }
    return `${letters.slice(0, low).join("").trimEnd()}…`;
  }

  icon(name: string, x: number, y: number, size: number, stroke: string): string {
    const look = {
      transform: `translate(${rounded(x)} ${rounded(y)}) scale(${size / 24})`,
      fill: "none",
      stroke,
      "stroke-width": 2,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
    };
    return element("g", look, this.tools.icon(name));
  }

  /** A box with a border of a width within it, as CSS draws it. */
  box(
    x: number,
    y: number,
    width: number,
    height: number,
    radius: number,
    look: Attributes,
    border = 1,
  ): string {
    const half = border / 2;
    return element("rect", {
      x: x + half,
      y: y + half,
      width: width - border,
      height: height - border,
      rx: Math.min(radius - half, (height - border) / 2),
      "stroke-width": border,
      ...look,
    });
  }

  /** A rounded label with an icon before its word; `x` is its left, `y` its middle. Returns its width too. */
  chip(
    x: number,
    y: number,
    icon: string,
    word: string,
    look: { hue: string; fill?: string; height?: number; radius?: number },
  ) {
    const { hue, fill = "--surface-card", height = 20, radius = 10 } = look;
    const text = { size: 11, weight: 500 };
    const width = this.tools.measure(word, text) + 12 + 4 + 13;
    const drawn =
      this.box(x, y - height / 2, width, height, radius, {
        fill: this.colour(fill),
        stroke: this.colour("--border"),
      }) +
      this.icon(icon, x + 6, y - 6, 12, hue) +
      this.text(x + 22, y + 4, word, text);
    return { drawn, width };
  }
}
