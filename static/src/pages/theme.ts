import { csrfToken } from "./csrf";

/** The theme menu: applied at once, kept on the account. */
export function startTheme(): void {
  document.addEventListener("click", (event) => {
    const choice = (event.target as Element).closest<HTMLElement>("[data-theme-choice]");
    const theme = choice?.dataset.themeChoice;
    if (!choice || !theme) return;
    apply(theme);
    const url = choice.closest<HTMLElement>("[data-theme-menu]")?.dataset.url;
    if (url) keep(url, theme);
  });
}

function apply(theme: string): void {
  document.documentElement.dataset.theme = theme;
  for (const item of document.querySelectorAll<HTMLElement>("[data-theme-choice]")) {
    const chosen = String(item.dataset.themeChoice === theme);
    item.setAttribute(
      item.getAttribute("role") === "menuitemradio" ? "aria-checked" : "aria-pressed",
      chosen,
    );
  }
  document.dispatchEvent(new CustomEvent("portline:theme", { detail: theme }));
}

function keep(url: string, theme: string): void {
  void fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": csrfToken() },
    body: new URLSearchParams({ theme }),
  });
}
