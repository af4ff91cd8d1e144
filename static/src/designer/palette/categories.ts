/** The order and the hues of the categories that most pipelines use; others follow by name. */

const ORDER = [
  "Data",
  "Preparation",
  "Machine learning",
  "Evaluation",
  "Text",
  "Images",
  "Code",
  "Control flow",
];
const HUES: Readonly<Record<string, number>> = {
  Data: 1,
  Preparation: 2,
  "Machine learning": 4,
  Evaluation: 5,
  Text: 3,
  Images: 6,
  "Control flow": 6,
};

const rank = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

export const byCategoryName = (a: string, b: string): number => rank(a) - rank(b) || a.localeCompare(b);

export function categoryHue(category: string): string {
  let hash = 0;
  for (const letter of category) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return `var(--category-${HUES[category] ?? (hash % 6) + 1})`;
}
