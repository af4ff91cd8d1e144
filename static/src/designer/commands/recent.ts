/** What was lately done from the command palette, to be offered first: for as long as the page is open. */

import type { Command } from "./types.ts";

const lately: string[] = [];

export function remember(id: string): void {
  const at = lately.indexOf(id);
  if (at >= 0) lately.splice(at, 1);
  lately.unshift(id);
}

export function recentFirst(commands: readonly Command[]): Command[] {
  const rank = ({ id }: Command) => (lately.includes(id) ? lately.indexOf(id) : lately.length);
  return [...commands].sort((a, b) => rank(a) - rank(b));
}
