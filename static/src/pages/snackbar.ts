const SHOWN_MS = 8000;

/** Messages at the bottom of the page: they go by themselves, but not while someone is at them. */
export function startSnackbar(): void {
  const area = document.getElementById("snackbar");
  if (!area) return;
  area.querySelectorAll<HTMLElement>("[data-snackbar]").forEach(watch);
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) if (node instanceof HTMLElement) watch(node);
    }
  }).observe(area, { childList: true });
  area.addEventListener("click", (event) => {
    const dismiss = (event.target as Element).closest("[data-dismiss]");
    const bar = dismiss?.closest<HTMLElement>("[data-snackbar]");
    // The click itself goes on to htmx first.
    if (bar) setTimeout(() => bar.remove());
  });
}

/** Tell the person something; errors stay until they are dismissed. */
export function say(text: string, level: "info" | "success" | "error" = "info"): void {
  const bar = document.createElement("div");
  bar.className = "snackbar";
  bar.dataset.snackbar = "";
  bar.dataset.level = level;
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "snackbar-close";
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", "Dismiss");
  close.textContent = "×";
  bar.append(words, close);
  document.getElementById("snackbar")?.append(bar);
}

function watch(bar: HTMLElement): void {
  if (bar.dataset.level === "error") return;
  let timer = setTimeout(() => bar.remove(), SHOWN_MS);
  const hold = () => clearTimeout(timer);
  const release = () => (timer = setTimeout(() => bar.remove(), SHOWN_MS));
  bar.addEventListener("pointerenter", hold);
  bar.addEventListener("pointerleave", release);
  bar.addEventListener("focusin", hold);
  bar.addEventListener("focusout", release);
}
