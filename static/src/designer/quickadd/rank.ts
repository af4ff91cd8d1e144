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
  /** How often the workspace's pipelines have the join that it would make. */
  readonly times?: number;
  /** How often components like the one in hand have it. */
  readonly alike?: number;
  readonly what: New | { readonly go: string };
}

/** What is joined so most often, what surely fits before what only may, what follows the like of it; then as the palette has it. */
export const rank = (choices: readonly Choice[]): Choice[] =>
  [...choices].sort(
    (a, b) =>
      (b.times ?? 0) - (a.times ?? 0) ||
      Number(a.warn) - Number(b.warn) ||
      (b.alike ?? 0) - (a.alike ?? 0) ||
      byCategoryName(a.note, b.note),
  );
