import "./status-glyph.css";

import { memo } from "react";

import { type GlyphShape, statusLook, toneColor } from "./status";
import type { StepStatus } from "./types";

interface Props {
  status: StepStatus;
  /** Answered from an earlier identical step: adds a small stack. */
  reused?: boolean;
  /** Kept from running by an upstream failure. */
  blocked?: boolean;
  /** Without the word the glyph carries it as its accessible name. */
  word?: boolean;
  size?: number;
}

/** A status is always a shape, a colour and a word together. */
export const StatusGlyph = memo(function StatusGlyph({
  status,
  reused = false,
  blocked = false,
  word = true,
  size = 16,
}: Props) {
  const look = statusLook(status, blocked);
  const name = reused ? `${look.word}, reused` : look.word;
  return (
    <span className="status-glyph" data-shape={look.shape} data-status={status}>
      <svg
        width={size}
        height={size}
        viewBox="0 0 16 16"
        style={{ color: toneColor(look.tone) }}
        {...(word ? { "aria-hidden": true } : { role: "img", "aria-label": name })}
      >
        <Shape shape={look.shape} />
      </svg>
      {word && <span className="status-glyph-word">{look.word}</span>}
      {reused && (
        <span className="status-glyph-reused" title="Reused from an earlier identical step">
          <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
            <path d="M2.5 5.5 8 2.75l5.5 2.75L8 8.25zM2.5 8.25 8 11l5.5-2.75M2.5 11 8 13.75 13.5 11" />
          </svg>
          {word && <span>reused</span>}
        </span>
      )}
    </span>
  );
});

function Shape({ shape }: { shape: GlyphShape }) {
  const ring = { cx: 8, cy: 8, r: 5.75, fill: "none", stroke: "currentColor", strokeWidth: 1.5 };
  switch (shape) {
    case "hollow":
      return <circle {...ring} />;
    case "dashed":
      return <circle {...ring} strokeDasharray="2.6 2.55" />;
    case "slashed":
      return (
        <>
          <circle {...ring} />
          <path d="m4.2 11.8 7.6-7.6" className="status-glyph-line" />
        </>
      );
    case "dots":
      return (
        <g fill="currentColor">
          <circle cx="2.9" cy="8" r="1.75" />
          <circle cx="8" cy="8" r="1.75" />
          <circle cx="13.1" cy="8" r="1.75" />
        </g>
      );
    case "arc":
      return (
        <>
          <circle {...ring} strokeOpacity={0.28} strokeWidth={2} />
          <path className="status-glyph-arc" d="M8 2.25A5.75 5.75 0 0 1 13.75 8" strokeWidth={2} />
          <path className="status-glyph-half" d="M8 2.25a5.75 5.75 0 0 1 0 11.5z" fill="currentColor" />
        </>
      );
    case "tick":
      return (
        <>
          <circle cx="8" cy="8" r="6.5" fill="currentColor" />
          <path d="m5 8.3 2.1 2.1 4-4.5" className="status-glyph-mark" />
        </>
      );
    case "triangle":
      return (
        <>
          <path
            d="M8 2.2 14.3 13H1.7z"
            fill="currentColor"
            stroke="currentColor"
            strokeLinejoin="round"
            strokeWidth={1.6}
          />
          <path d="M8 6v3.2M8 11.4v.1" className="status-glyph-mark" />
        </>
      );
    case "octagon":
      return (
        <>
          <path d="M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3z" fill="currentColor" />
          <path d="m5.7 5.7 4.6 4.6m0-4.6-4.6 4.6" className="status-glyph-mark" />
        </>
      );
  }
}
