/** `/` goes to the page's search, as everywhere; Escape empties it. */
export function startShortcuts(): void {
  document.addEventListener("keydown", (event) => {
    const search = document.querySelector<HTMLInputElement>("[data-search]");
    if (!search || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !isField(event.target)) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });
}

const isField = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
