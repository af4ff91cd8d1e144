/** One person's undo and redo: what takes back each of their own batches. */

import type { Op } from "../../graph/types.ts";

export interface Step {
  ops: readonly Op[];
  label: string;
  opIds: string[];
  merge: string | null;
  at: number;
}

const MERGE_WITHIN = 1200;
const LIMIT = 200;

export class History {
  undo: Step[] = [];
  redo: Step[] = [];

  /** A new edit. Edits with the same `merge` key in quick succession are one step. */
  record(step: Omit<Step, "at">, now = Date.now()): void {
    this.redo = [];
    const last = this.undo.at(-1);
    if (last && step.merge !== null && last.merge === step.merge && now - last.at < MERGE_WITHIN) {
      last.ops = [...step.ops, ...last.ops];
      last.opIds.push(...step.opIds);
      last.at = now;
      return;
    }
    this.undo.push({ ...step, at: now });
    if (this.undo.length > LIMIT) this.undo.shift();
  }

  /** Forget what the server refused. */
  forget(opId: string): void {
    const keep = (step: Step) => !step.opIds.includes(opId);
    this.undo = this.undo.filter(keep);
    this.redo = this.redo.filter(keep);
  }

  rewrite(change: (ops: readonly Op[]) => readonly Op[]): void {
    for (const step of [...this.undo, ...this.redo]) step.ops = change(step.ops);
  }
}
