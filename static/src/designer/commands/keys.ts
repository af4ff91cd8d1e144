/** Keys as text: `Ctrl+Shift+P`, `?`, `F2`, `Alt+ArrowLeft`. */

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const MODIFIERS = new Set([
  "Control",
  "Shift",
  "Alt",
  "Meta",
  "AltGraph",
  "CapsLock",
  "Dead",
  "Unidentified",
]);
const NAMES: Readonly<Record<string, string>> = { " ": "Space", Esc: "Escape", Backspace: "Delete" };

/** What was pressed, or null while only Shift and its like are down. Signs that need Shift on some keyboards stand for themselves. */
export function comboOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string | null {
  if (MODIFIERS.has(key)) return null;
  const name = NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  const sign = name.length === 1 && name.toLowerCase() === name.toUpperCase();
  return [
    (ctrlKey || metaKey) && "Ctrl",
    altKey && "Alt",
    shiftKey && !(sign && !ctrlKey && !altKey) && "Shift",
    name,
  ]
    .filter(Boolean)
    .join("+");
}

/** Whether it would write something where one types. */
export const writes = (combo: string): boolean => !/^(Ctrl\+|Alt\+|F\d)/.test(combo);

const WORDS: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  Delete: "Del",
  ContextMenu: "Menu key",
  PageUp: "Page up",
  PageDown: "Page down",
};

const mac = (): boolean => typeof navigator !== "undefined" && /Mac|iP(hone|ad)/.test(navigator.userAgent);

/** As people read it: `Ctrl Shift P`. */
export const wordsOf = (combo: string): string =>
  combo
    .split(/\+(?=.)/)
    .map((part) => (part === "Ctrl" && mac() ? "⌘" : (WORDS[part] ?? part)))
    .join(" ");

/** What the browser or the system keeps for itself. */
const KEPT: Readonly<Record<string, string>> = {
  "Ctrl+W": "closes the tab",
  "Ctrl+T": "opens a tab",
  "Ctrl+N": "opens a window",
  "Ctrl+Shift+N": "opens a private window",
  "Ctrl+Shift+T": "opens the last tab again",
  "Ctrl+Q": "closes the browser",
  "Ctrl+R": "loads the page anew",
  "Ctrl+C": "copies",
  "Ctrl+X": "cuts",
  "Ctrl+V": "pastes",
  "Ctrl+Shift+V": "pastes",
  "Ctrl+Tab": "goes to the next tab",
  Tab: "goes to the next thing on the page",
  "Shift+Tab": "goes to what comes before on the page",
  Escape: "closes what is open",
  F5: "loads the page anew",
  F11: "fills the screen",
  F12: "opens the browser's tools",
};

/** Why keys cannot be given to a command, or "". */
export const keptFor = (combo: string): string =>
  combo in KEPT ? `${wordsOf(combo)} ${KEPT[combo]}: choose other keys.` : "";
