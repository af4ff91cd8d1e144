import type { WidgetProps } from "./Widget.tsx";
import { showValue } from "../../graph/values.ts";
import { useDraft } from "./draft.ts";

export function TextWidget({ id, port, value, describedBy, invalid, disabled, onCommit }: WidgetProps) {
  const text = useDraft(showValue(value), (next) => onCommit(next === "" ? null : next));
  const shared = {
    id,
    "data-field": port.name,
    value: text.draft,
    placeholder: port.default === null ? "" : showValue(port.default),
    "aria-describedby": describedBy,
    "aria-invalid": invalid || undefined,
    disabled,
    spellCheck: false,
    onBlur: text.commit,
  };
  if (port.widget === "multiline") {
    return (
      <textarea
        {...shared}
        className="text-input"
        rows={Math.min(10, Math.max(3, text.draft.split("\n").length))}
        onChange={(event) => text.setDraft(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && text.revert()}
      />
    );
  }
  return (
    <input
      {...shared}
      className="text-input"
      type={port.widget === "secret" ? "password" : "text"}
      autoComplete="off"
      onChange={(event) => text.setDraft(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") text.commit();
        if (event.key === "Escape") text.revert();
      }}
    />
  );
}
