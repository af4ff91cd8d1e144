import type { KeyboardEvent, PointerEvent } from "react";

interface Props {
  /** The edge of the panel that it sits on. */
  side: "left" | "right" | "top";
  value: number;
  least: number;
  most: number;
  label: string;
  onChange: (value: number) => void;
}

/** The edge by which a panel is made wider or narrower, by pointer or arrow keys. */
export function Resizer({ side, value, least, most, label, onChange }: Props) {
  const clamp = (wanted: number) => onChange(Math.round(Math.min(most, Math.max(least, wanted))));
  const along = side === "top" ? "clientY" : "clientX";
  const sign = side === "right" ? 1 : -1;

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.preventDefault();
    const handle = event.currentTarget;
    const start = event[along];
    const move = (next: globalThis.PointerEvent) => clamp(value + sign * (next[along] - start));
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", () => handle.removeEventListener("pointermove", move), {
      once: true,
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowRight: 16, ArrowLeft: -16, ArrowUp: -16, ArrowDown: 16 };
    const by = steps[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    clamp(value + sign * by);
  };
  return (
    <div
      className={`resizer resizer--${side}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={side === "top" ? "horizontal" : "vertical"}
      aria-valuenow={value}
      aria-valuemin={least}
      aria-valuemax={most}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
