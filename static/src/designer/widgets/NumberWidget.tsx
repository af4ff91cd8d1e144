import { useState } from "react";

import { readValue, showValue } from "../../graph/values.ts";
import { useDraft } from "./draft.ts";
import type { WidgetProps } from "./Widget.tsx";

/** A number; with both ends known and not too far apart, a slider beside it. */
export function NumberWidget({ id, port, value, describedBy, invalid, disabled, onCommit }: WidgetProps) {
  const text = useDraft(showValue(value), (next) => onCommit(readValue(port.type, next)));
  const [sliding, setSliding] = useState<number | null>(null);
  const { min, max } = port;
  const steps =
    min !== null && max !== null && (port.type === "number" ? max - min <= 100 : max - min <= 1000);
  const slider = steps && typeof (value ?? port.default) === "number";
  const step = port.type === "integer" ? 1 : steps ? niceStep((max - min) / 100) : "any";
  const shown = value ?? port.default;
  const release = () => {
    if (sliding !== null) onCommit(sliding);
    setSliding(null);
  };
  return (
    <div className="number-widget">
      {slider && (
        <input
          type="range"
          min={min}
          max={max}
          step={step}
          value={sliding ?? (typeof shown === "number" ? shown : min)}
          disabled={disabled}
          aria-label={`${port.label}, slider`}
          onChange={(event) => setSliding(Number(event.target.value))}
          onPointerUp={release}
          onKeyUp={release}
          onBlur={release}
        />
      )}
      <input
        id={id}
        className="text-input"
        data-field={port.name}
        inputMode={port.type === "integer" ? "numeric" : "decimal"}
        value={sliding ?? text.draft}
        placeholder={showValue(port.default)}
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        disabled={disabled}
        autoComplete="off"
        onChange={(event) => text.setDraft(event.target.value)}
        onBlur={text.commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") text.commit();
          if (event.key === "Escape") text.revert();
          const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
          if (by === undefined || typeof shown !== "number") return;
          event.preventDefault();
          const unit = (typeof step === "number" ? step : 0.1) * (event.shiftKey ? 10 : 1);
          const next = Math.round((shown + by * unit) * 1e9) / 1e9;
          onCommit(Math.min(max ?? Infinity, Math.max(min ?? -Infinity, next)));
        }}
      />
    </div>
  );
}

function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const lead = raw / power;
  return (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10) * power;
}
