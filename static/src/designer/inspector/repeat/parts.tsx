import { useId } from "react";

import { useDraft } from "../../widgets/draft.ts";

interface NumberProps {
  label: string;
  value: number | null;
  /** What an empty field means; without it the field must not be empty. */
  empty?: string;
  least?: number;
  most?: number;
  whole?: boolean;
  disabled: boolean;
  help?: string;
  onCommit: (value: number | null) => void;
}

/** A number with its label in one line. */
export function NumberRow(props: NumberProps) {
  const { label, value, empty, least = -Infinity, most = Infinity, whole = false, disabled, help } = props;
  const id = useId();
  const text = useDraft(value === null ? "" : String(value), (next) => {
    if (next.trim() === "") return empty === undefined ? false : props.onCommit(null);
    const number = Number(next);
    if (!Number.isFinite(number)) return false;
    const fitted = Math.min(most, Math.max(least, whole ? Math.round(number) : number));
    return props.onCommit(fitted);
  });
  return (
    <div className="repeat-row">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="text-input"
        inputMode={whole ? "numeric" : "decimal"}
        placeholder={empty ?? ""}
        value={text.draft}
        disabled={disabled}
        onChange={(event) => text.setDraft(event.target.value)}
        onBlur={text.commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") text.commit();
          if (event.key === "Escape") text.revert();
        }}
      />
      {help && <p className="param__help">{help}</p>}
    </div>
  );
}

interface SelectProps<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  disabled: boolean;
  help?: string;
  onChange: (value: T) => void;
}

/** A choice with its label in one line. */
export function SelectRow<T extends string>(props: SelectProps<T>) {
  const { label, value, options, disabled, help, onChange } = props;
  const id = useId();
  return (
    <div className="repeat-row">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="text-input"
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value as T)}
      >
        {!options.some(([each]) => each === value) && <option value={value}>{value || "Choose…"}</option>}
        {options.map(([each, word]) => (
          <option key={each} value={each}>
            {word}
          </option>
        ))}
      </select>
      {help && <p className="param__help">{help}</p>}
    </div>
  );
}
