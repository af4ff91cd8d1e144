import { say } from "./snackbar";

/** `data-copy="#id"` copies that element's text. */
export function startCopy(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
    const source = button && document.querySelector(button.dataset.copy ?? "");
    if (!source) return;
    const text = source instanceof HTMLInputElement ? source.value : source.textContent;
    navigator.clipboard.writeText(text.trim()).then(
      () => say("Copied.", "success"),
      () => say("The browser does not allow copying here; select the text and copy it.", "error"),
    );
  });
}
