/** The known name that a mistyped one most likely means; the same measure as Python's `difflib`. */

function matching(a: string, b: string): number {
  let best = 0;
  let atA = 0;
  let atB = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++) {
      let length = 0;
      while (i + length < a.length && j + length < b.length && a[i + length] === b[j + length]) length++;
      if (length > best) [best, atA, atB] = [length, i, j];
    }
  }
  if (best === 0) return 0;
  return (
    best + matching(a.slice(0, atA), b.slice(0, atB)) + matching(a.slice(atA + best), b.slice(atB + best))
  );
}

/** The end of a sentence about an unknown name. */
export function near(name: string, known: Iterable<string>): string {
  let best = "";
  let closest = 0.6;
  for (const candidate of known) {
    const ratio = (2 * matching(name, candidate)) / (name.length + candidate.length || 1);
    if (ratio >= closest && (ratio > closest || best === "")) [best, closest] = [candidate, ratio];
  }
  return best ? `; did you mean \`${best}\`?` : ".";
}
