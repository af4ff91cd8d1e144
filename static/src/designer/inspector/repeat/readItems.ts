import type { Item } from "../../../graph/control.ts";
import { near } from "../../../graph/near.ts";

const isScalar = (value: unknown): boolean => ["string", "number", "boolean"].includes(typeof value);

/** The items that a text holds as JSON, or what is wrong with it, and where. */
export function readItems(
  text: string,
  names: readonly string[],
): { items: readonly Item[] } | { fault: string } {
  let read: unknown;
  try {
    read = JSON.parse(text.trim() || "[]");
  } catch (error) {
    return { fault: `This is not JSON: ${error instanceof Error ? error.message : "it cannot be read"}.` };
  }
  if (!Array.isArray(read)) return { fault: "Write a list: [ … ]." };
  for (const [at, item] of read.entries()) {
    if (isScalar(item)) continue;
    if (item === null || typeof item !== "object" || Array.isArray(item))
      return { fault: `Item ${at + 1} is neither a value nor an object of input and value.` };
    for (const [name, value] of Object.entries(item as object)) {
      if (!names.includes(name))
        return { fault: `Item ${at + 1}: there is no input \`${name}\`${near(name, [...names])}` };
      if (!isScalar(value))
        return { fault: `Item ${at + 1}: \`${name}\` must be text, a number, true or false.` };
    }
  }
  return { items: read as Item[] };
}
