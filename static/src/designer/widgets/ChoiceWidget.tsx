import type { WidgetProps } from "./Widget.tsx";

/** One of a few: side by side when at most three, else a list. */
export function ChoiceWidget({ id, port, value, describedBy, disabled, invalid, onCommit }: WidgetProps) {
  const options = port.enum ?? [];
  const chosen = value ?? port.default;
  const choose = (option: string) => onCommit(option);
  if (options.length <= 3 && options.join("").length <= 30) {
    return (
      <div
        className="segmented"
        role="radiogroup"
        aria-labelledby={`${id}-label`}
        aria-describedby={describedBy}
      >
        {options.map((option, index) => (
          <label key={option} className={option === chosen ? "is-chosen" : undefined}>
            <input
              type="radio"
              id={index === 0 ? id : undefined}
              data-field={index === 0 ? port.name : undefined}
              name={id}
              checked={option === chosen}
              disabled={disabled}
              onChange={() => choose(option)}
            />
            {option}
          </label>
        ))}
      </div>
    );
  }
  return (
    <select
      id={id}
      className="text-input"
      data-field={port.name}
      value={chosen === null ? "" : String(chosen)}
      disabled={disabled}
      aria-describedby={describedBy}
      aria-invalid={invalid || undefined}
      onChange={(event) => choose(event.target.value)}
    >
      {chosen === null && <option value="">Choose…</option>}
      {typeof chosen === "string" && chosen !== "" && !options.includes(chosen) && <option>{chosen}</option>}
      {options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </select>
  );
}

export function SwitchWidget({ id, port, value, describedBy, disabled, onCommit }: WidgetProps) {
  const on = (value ?? port.default) === true;
  return (
    <button
      type="button"
      id={id}
      className="switch"
      role="switch"
      data-field={port.name}
      aria-checked={on}
      aria-labelledby={`${id}-label`}
      aria-describedby={describedBy}
      disabled={disabled}
      onClick={() => onCommit(!on)}
    >
      <span />
    </button>
  );
}
