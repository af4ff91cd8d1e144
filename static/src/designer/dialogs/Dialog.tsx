import { useEffect, useRef } from "react";

import { Icon } from "../../lib/Icon.tsx";
import { setUi } from "../state/ui.ts";

/** A modal dialog: the browser keeps the focus in it and Escape closes it. */
export function Dialog({ title, children }: { title: string; children: React.ReactNode }) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
    dialog?.querySelector<HTMLElement>("[data-field]")?.focus();
  }, []);
  return (
    <dialog
      ref={element}
      className="modal"
      aria-label={title}
      onClose={() => setUi({ dialog: null })}
      onClick={(event) => event.target === element.current && element.current.close()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <header className="modal__header">
        <h2>{title}</h2>
        <button
          type="button"
          className="btn-icon"
          aria-label="Close"
          onClick={() => element.current?.close()}
        >
          <Icon name="x" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
