/** Labels and sizes as people write them; the same rules as `registry.spec.compute` and `registry.spec.sizes`. */

import type { Labels } from "../../graph/types.ts";

const KEY = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/;
const VALUE = /^[A-Za-z0-9._/-]{0,63}$/;
const SIZE = /^\d+(\.\d+)?\s*([KMGTP]i?)?B?$/i;

/** Labels from `key=value`, by comma, space or line; a sentence where one cannot be read. */
export function readLabels(text: string): Labels | string {
  const found: Record<string, string> = {};
  for (const part of text.split(/[\s,]+/).filter(Boolean)) {
    const at = part.indexOf("=");
    if (at < 0) return `“${part}” is no label; write key=value, as in zone=eu-1.`;
    const [key, value] = [part.slice(0, at), part.slice(at + 1)];
    if (!KEY.test(key) || !VALUE.test(value)) {
      return `“${part}” is no label: letters, digits, dots, slashes and hyphens, as in zone=eu-1.`;
    }
    if (key in found) return `There are two labels “${key}”.`;
    found[key] = value;
  }
  return found;
}

export const writtenLabels = (labels: Labels | null | undefined): string =>
  Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(", ");

/** A sentence where this is no size. */
export function sizeFault(text: string): string | null {
  return SIZE.test(text.trim()) && Number.parseFloat(text) > 0
    ? null
    : `“${text}” is no size; write it as 512MB or 2GB.`;
}
