/** What quick-add lists first while nothing is typed. */

import type { New } from "../actions/add.ts";
import { byCategoryName } from "../palette/categories.ts";

export interface Choice {
  readonly key: string;
  readonly title: string;
  readonly note: string;
  readonly icon: string;
  readonly tile: string;
  readonly texts: readonly string[];
  readonly warn: boolean;
  readonly what: New | { readonly go: string };
}

/** What surely fits before what only may; then as the palette has it. */
export const rank = (choices: readonly Choice[]): Choice[] =>
  [...choices].sort((a, b) => Number(a.warn) - Number(b.warn) || byCategoryName(a.note, b.note));
