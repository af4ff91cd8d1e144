/** The colours of a theme, from the design tokens: files have no style sheet to look them up in. */

import tokens from "../../styles/tokens.css?raw";

export type Theme = "light" | "dark";

const PAIRS = new Map(
  [...tokens.matchAll(/(--[\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name, light, dark]) => [name!, { light: light!, dark: dark! }],
  ),
);

/** A token, by its name or as `var(--name)`, in a theme. */
export function colour(theme: Theme, token: string): string {
  const found = PAIRS.get(token.replace(/^var\((.*)\)$/, "$1"));
  if (!found) throw new Error(`No such colour: ${token}`);
  return found[theme];
}

/** So much of the one, the rest of the other, as CSS mixes in sRGB. */
export function mix(one: string, share: number, other: string): string {
  const channel = (at: number) => {
    const of = (hex: string) => parseInt(hex.slice(at, at + 2), 16);
    return Math.round(of(one) * share + of(other) * (1 - share))
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}
