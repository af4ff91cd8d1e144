import { say } from "./snackbar";

/** `data-copy="#id"` copies that element's text. */
export function startCopy(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
    const source = button && document.querySelector(button.dataset.copy ?? "");
    if (!source) return;
    navigator.clipboard.writeText(textOf(source)).then(
      () => say("Copied.", "success"),
      () => say("The browser does not allow copying here; select the text and copy it.", "error"),
    );
  });
}

/** Line numbers are for the eye. */
function textOf(source: Element): string {
  const copy = source.cloneNode(true) as Element;
  copy.querySelectorAll(".linenos").forEach((number) => number.remove());
  return copy.textContent.trim();
}
