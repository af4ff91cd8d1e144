/** Literal values as people type them. */

import type { InputPort, Scalar } from "./types.ts";

/** The value that a text stands for, or the text itself where it cannot be read: the server lists it as a problem. */
export function readValue(type: string, text: string): Scalar | null {
  const trimmed = text.trim();
  if (type === "integer" || type === "number") {
    if (trimmed === "") return null;
    const number = Number(trimmed);
    return Number.isFinite(number) ? number : trimmed;
  }
  if (type === "boolean")
    return /^(true|yes|1)$/i.test(trimmed) ? true : /^(false|no|0)$/i.test(trimmed) ? false : trimmed;
  return text;
}

export const showValue = (value: Scalar | null | undefined): string =>
  value === null || value === undefined ? "" : String(value);

/** What is wrong with a value for this port, or "". */
export function fault(port: Pick<InputPort, "type" | "enum" | "min" | "max">, value: Scalar | null): string {
  if (value === null) return "";
  if (port.type === "integer" || port.type === "number") {
    if (typeof value !== "number") return "This is not a number.";
    if (port.type === "integer" && !Number.isInteger(value)) return "This is not a whole number.";
    if (port.min !== null && value < port.min) return `The smallest allowed value is ${port.min}.`;
    if (port.max !== null && value > port.max) return `The largest allowed value is ${port.max}.`;
  }
  if (port.enum && !port.enum.includes(String(value))) return `Choose one of ${port.enum.join(", ")}.`;
  return "";
}

/** `a, b, "c, d"` as a list, and back: as the components read it. */
export function splitNames(text: string): string[] {
  const names: string[] = [];
  for (const [, quoted, plain] of text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,\n]+))\s*(?:,|\n|$)/g)) {
    const name = quoted?.replaceAll('""', '"') ?? plain?.trim() ?? "";
    if (name) names.push(name);
  }
  return names;
}

export const joinNames = (names: readonly string[]): string =>
  names.map((name) => (/[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(", ");
