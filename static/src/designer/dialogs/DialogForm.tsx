import { Icon } from "../../lib/Icon.tsx";
import { setUi } from "../state/ui.ts";
import { Dialog } from "./Dialog.tsx";

interface DialogFormProps {
  title: string;
  /** What the button that sends it says, at rest and while it is sent. */
  label: string;
  busyLabel?: string;
  icon: string;
  testId: string;
  busy: boolean;
  /** Why it could not be done; empty: nothing is wrong. */
  fault: string;
  send: () => Promise<void>;
  children: React.ReactNode;
}

/** A modal dialog with fields, one button that sends them, and what went wrong above it. */
export function DialogForm(props: DialogFormProps) {
  const { title, label, busyLabel = label, icon, testId, busy, fault, send, children } = props;
  return (
    <Dialog title={title}>
      <form
        className="run-form component-form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        {children}
        {fault && (
          <p className="param__error" role="alert">
            <Icon name="triangle-alert" size={12} />
            {fault}
          </p>
        )}
        <footer className="modal__footer">
          <button type="button" className="btn" onClick={() => setUi({ dialog: null })}>
            Cancel
          </button>
          <button type="submit" className="btn btn--primary" disabled={busy} data-testid={testId}>
            <Icon name={icon} size={14} />
            {busy ? busyLabel : label}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
