/** The edits that the server has not answered yet, laid over the confirmed document. */

import { apply } from "../../graph/apply.ts";
import { Refusal } from "../../graph/refusal.ts";
import type { Catalog, Document, Op } from "../../graph/types.ts";

export interface Batch {
  opId: string;
  ops: readonly Op[];
  /** Whether its new nodes may get other ids: not so for undo and redo, which bring back what was. */
  fresh: boolean;
  /** The document with this batch and all before it; null where it does not apply at the moment. */
  after: Document | null;
}

/** Lay every batch over `base` again. Batches that no longer fit are passed over; the server has the last word on them. */
export function rebase(base: Document, batches: readonly Batch[], catalog: Catalog): Document {
  let view = base;
  for (const batch of batches) {
    try {
      view = batch.after = apply(view, batch.ops, catalog).document;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      batch.after = null;
    }
  }
  return view;
}
