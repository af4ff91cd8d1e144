import { enliven } from "./htmx";

interface Asked {
  elt: Element;
  issueRequest: (skipConfirmation: boolean) => void;
}

/** What has `data-confirm="sentence"` (a form, or anything of htmx) asks first, in a dialog of the page; `data-confirm-button` is the word on it. Buttons with `data-dialog="#id"` open that dialog. */
export function startConfirm(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const sentence = form.dataset.confirm;
    if (!sentence || form.dataset.confirmed) return;
    event.preventDefault();
    ask(sentence, form.dataset.confirmButton ?? "Go on", () => {
      form.dataset.confirmed = "yes";
      form.requestSubmit();
    });
  });
  document.addEventListener("htmx:confirm", (event) => {
    const { elt, issueRequest } = (event as CustomEvent<Asked>).detail;
    const { confirm, confirmButton } = (elt as HTMLElement).dataset;
    if (!confirm) return;
    event.preventDefault();
    ask(confirm, confirmButton ?? "Go on", () => issueRequest(true));
  });
  document.addEventListener("change", (event) => {
    (event.target as Element).closest<HTMLFormElement>("form[data-autosubmit]")?.requestSubmit();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = (event.target as Element).closest("form[data-closes]");
    if (form && (event as CustomEvent<{ successful: boolean }>).detail.successful)
      form.closest("dialog")?.close();
  });
  document.addEventListener("click", (event) => {
    const opener = (event.target as Element).closest<HTMLElement>("[data-dialog]");
    if (opener) {
      openDialog(opener);
      return;
    }
    const closer = (event.target as Element).closest("[data-close]");
    closer?.closest("dialog")?.close();
    if (event.target instanceof HTMLDialogElement) event.target.close();
  });
}

function openDialog(opener: HTMLElement): void {
  const dialog = document.querySelector<HTMLDialogElement>(opener.dataset.dialog ?? "");
  const form = dialog?.querySelector("form");
  const input = form?.querySelector<HTMLInputElement>("input[name=name]");
  if (!dialog) return;
  const { action, value } = opener.dataset;
  if (form && action) {
    form.setAttribute("hx-post", action);
    form.setAttribute("hx-target", opener.dataset.target ?? "this");
    enliven(form);
  }
  if (input && value !== undefined) input.value = value;
  dialog.showModal();
  input?.select();
}

function ask(sentence: string, word: string, go: () => void): void {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  const text = document.createElement("p");
  text.textContent = sentence;
  const row = document.createElement("div");
  row.className = "dialog-buttons";
  row.append(button("Cancel", "button", () => dialog.close()));
  row.append(
    button(word, "button danger", () => {
      dialog.close();
      go();
    }),
  );
  dialog.append(text, row);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function button(word: string, className: string, onClick: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = word;
  made.addEventListener("click", onClick);
  return made;
}
