/** Changes as signs and in words: never by colour alone. */

import type { Field, Kind } from "./marks.ts";

export const SIGNS: Readonly<Record<Kind, string>> = { added: "+", removed: "−", changed: "●", moved: "↔" };

const LONG = 60;

function said(value: unknown): string {
  if (value === null || value === undefined || value === "") return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LONG ? `${text.slice(0, LONG)}…` : text;
}

/** `rows: 5 → 7` */
export const fieldWords = ({ name, before, after }: Field): string =>
  `${name}: ${said(before)} → ${said(after)}`;
