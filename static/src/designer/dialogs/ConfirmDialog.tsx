import { Icon } from "../../lib/Icon.tsx";
import { setUi, useUi } from "../state/ui.ts";
import { Dialog } from "./Dialog.tsx";

/** What is about to happen, in a sentence, before it happens. */
export function ConfirmDialog() {
  const asked = useUi((ui) => ui.confirm);
  if (!asked) return null;
  return (
    <Dialog title={asked.title}>
      <form
        className="run-form"
        onSubmit={(event) => {
          event.preventDefault();
          setUi({ dialog: null, confirm: null });
          asked.do();
        }}
      >
        <p className="modal__text">{asked.text}</p>
        <footer className="modal__footer">
          <button type="button" className="btn" onClick={() => setUi({ dialog: null, confirm: null })}>
            Cancel
          </button>
          <button type="submit" className="btn btn--primary" data-field="" data-testid="confirm">
            <Icon name={asked.icon} size={14} />
            {asked.button}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
