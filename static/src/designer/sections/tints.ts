import type { Color } from "../../graph/types.ts";

/** The palette of notes and groups, as in canvas/annotations.css, for what is drawn without style sheets. */
export const TINTS: Readonly<Record<Color, string>> = {
  yellow: "#c9a227",
  blue: "#4a78d0",
  green: "#3d9a6a",
  pink: "#c2568f",
  violet: "#7d5fc7",
  gray: "#7a828f",
};
