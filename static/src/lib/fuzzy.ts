/** Search that forgives: every word must be found, as a run of letters or scattered in order. */

/** 0 for no match; larger is better. */
export function score(query: string, text: string): number {
  const hay = text.toLowerCase();
  const at = hay.indexOf(query);
  if (at === 0) return 100 - Math.min(30, hay.length - query.length);
  if (at > 0) return (/[\s_\-·›]/.test(hay[at - 1]!) ? 70 : 40) - Math.min(20, at);
  if (query.length < 3) return 0;
  let from = -1;
  let gaps = 0;
  for (const letter of query) {
    const next = hay.indexOf(letter, from + 1);
    if (next < 0) return 0;
    if (from >= 0) gaps += next - from - 1;
    from = next;
  }
  return gaps > query.length * 2 ? 0 : Math.max(1, 20 - gaps);
}

/** Best matches first. `fields` gives the texts to look at, most telling first. */
export function search<T>(query: string, items: readonly T[], fields: (item: T) => readonly string[]): T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...items];
  const scored: { item: T; total: number }[] = [];
  for (const item of items) {
    const texts = fields(item);
    let total = 0;
    for (const word of words) {
      let best = 0;
      texts.forEach((text, index) => {
        // Letters scattered over a long description mean nothing.
        const found = index > 1 && !text.toLowerCase().includes(word) ? 0 : score(word, text);
        best = Math.max(best, found / (1 + index * 0.7));
      });
      if (best === 0) {
        total = 0;
        break;
      }
      total += best;
    }
    if (total > 0) scored.push({ item, total });
  }
  return scored.sort((a, b) => b.total - a.total).map(({ item }) => item);
}
