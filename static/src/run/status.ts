import type { StepStatus } from "./types";

export type GlyphShape = "hollow" | "dashed" | "slashed" | "dots" | "arc" | "tick" | "triangle" | "octagon";
export type Tone = "idle" | "queued" | "running" | "completed" | "warning" | "failed";

export interface StatusLook {
  shape: GlyphShape;
  tone: Tone;
  word: string;
}

const LOOKS: Record<StepStatus, StatusLook> = {
  NotStarted: { shape: "hollow", tone: "idle", word: "Not started" },
  Queued: { shape: "dots", tone: "queued", word: "Queued" },
  Waiting: { shape: "dots", tone: "queued", word: "Waiting" },
  Preparing: { shape: "arc", tone: "running", word: "Preparing" },
  Running: { shape: "arc", tone: "running", word: "Running" },
  Finalizing: { shape: "arc", tone: "running", word: "Finalizing" },
  CancelRequested: { shape: "arc", tone: "idle", word: "Canceling" },
  Completed: { shape: "tick", tone: "completed", word: "Completed" },
  Failed: { shape: "octagon", tone: "failed", word: "Failed" },
  Canceled: { shape: "slashed", tone: "idle", word: "Canceled" },
  Skipped: { shape: "dashed", tone: "idle", word: "Skipped" },
};

const BLOCKED: StatusLook = { shape: "triangle", tone: "warning", word: "Blocked" };
const ENDED: ReadonlySet<string> = new Set(["Completed", "Failed", "Canceled", "Skipped"]);
const ACTIVE: ReadonlySet<string> = new Set(["Preparing", "Running", "Finalizing", "CancelRequested"]);

/** Shape, colour and word of a status; `blocked` is a step that an upstream failure keeps from running. */
export function statusLook(status: StepStatus, blocked = false): StatusLook {
  if (blocked) return BLOCKED;
  return (LOOKS as Record<string, StatusLook | undefined>)[status] ?? { ...LOOKS.NotStarted, word: status };
}

export const toneColor = (tone: Tone) => `var(--status-${tone})`;
export const isEnded = (status: StepStatus) => ENDED.has(status);
export const isActive = (status: StepStatus) => ACTIVE.has(status);
