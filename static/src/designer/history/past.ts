/** Going into the past and back, by the address too: `?revision=12`, `?before=12&after=draft`. */

import type { Document, Interface } from "../../graph/types.ts";
import { uuid } from "../../graph/ids.ts";
import { wholeDocument } from "../../graph/whole.ts";
import { ApiError } from "../../lib/api.ts";
import { askToRun, resumeRun } from "../actions/run.ts";
import { app } from "../app.ts";
import { keepGraphs } from "../groups/graphs.ts";
import { hideRun } from "../runs/follow.ts";
import { docStore } from "../state/doc.ts";
import { announce, notify, select, setUi } from "../state/ui.ts";
import { bothOf, marksOf, sharing, summed } from "./marks.ts";
import type { Comparison, Revision, Side } from "./pastStore.ts";
import { draftNow, pastStore, showDraft, showInstead } from "./pastStore.ts";

interface Served {
  readonly document: Partial<Document>;
  readonly components: Record<string, Interface>;
}
type ServedComparison = Omit<Comparison, "before" | "after"> & {
  readonly before: Side & { readonly document: Partial<Document> };
  readonly after: Side & { readonly document: Partial<Document> };
  readonly components: Record<string, Interface>;
};

const path = (): string => `pipelines/${app().boot.pipeline?.id}/`;
const shown = (document: Partial<Document>): Document => sharing(wholeDocument(document), draftNow());

/** Keep the address a link to what is shown. */
function remember(params: Readonly<Record<string, string>>): void {
  const search = new URLSearchParams(location.search);
  for (const key of ["revision", "before", "after"]) search.delete(key);
  for (const [key, value] of Object.entries(params)) search.set(key, value);
  const text = search.toString();
  history.replaceState(history.state, "", `${location.pathname}${text ? `?${text}` : ""}${location.hash}`);
}

const failed = (what: string, error: unknown): void => {
  pastStore.setState({ busy: false, wanted: null });
  notify(`${what} ${error instanceof ApiError ? error.message : String(error)}`);
};

let asked = 0;

/** Show the pipeline as it was. Of many that are asked for while one loads, the last is loaded. */
export async function openRevision(rev: number): Promise<void> {
  const now = docStore.getState().rev;
  if (rev === now) return backToNow();
  const mine = ++asked;
  pastStore.setState({ wanted: rev, busy: true });
  // A scrubber that is dragged asks for what it stops at.
  await new Promise((resolve) => setTimeout(resolve, 60));
  if (mine !== asked) return;
  try {
    const served = await app().api.get<Revision & Served>(`${path()}revisions/${rev}/`);
    if (mine !== asked) return;
    keepGraphs({}, served.components);
    leaveRun();
    const { at, user } = served;
    showInstead({ revision: { rev, at, user }, document: shown(served.document) });
    remember({ revision: String(rev) });
    announce(`Revision ${rev}, to be looked at only.`);
  } catch (error) {
    if (mine === asked) failed(`Revision ${rev} could not be shown.`, error);
  }
}

/** Show what differs between two states, on the canvas and in the lists. */
export async function compare(before: string, after: string): Promise<void> {
  const mine = ++asked;
  pastStore.setState({ busy: true });
  try {
    await app().session?.flush();
    const query = new URLSearchParams({ before, after }).toString();
    const served = await app().api.get<ServedComparison>(`${path()}compare/?${query}`);
    if (mine !== asked) return;
    keepGraphs({}, served.components);
    leaveRun();
    const document = bothOf(shown(served.before.document), shown(served.after.document));
    showInstead({ comparison: served, document, marks: marksOf(served.changes) });
    remember({ before, after });
    setUi({ drawer: "changes" });
    announce(`${served.before.label} compared with ${served.after.label}: ${summed(served.changes)}.`);
  } catch (error) {
    if (mine === asked) failed("The two could not be compared.", error);
  }
}

/** A run's states belong to the graph that it ran: they are not laid over another. */
function leaveRun(): void {
  select([]);
  hideRun();
}

export function backToNow(): void {
  asked++;
  const { document } = pastStore.getState();
  showDraft();
  remember({});
  if (document === null) return;
  select([]);
  announce("Back to the pipeline as it is now.");
  void resumeRun();
}

/** Make the draft what the canvas shows of the past: one edit, which Undo takes back. */
export async function restoreRevision(rev: number): Promise<void> {
  const { api, session } = app();
  if (!session) return;
  try {
    await session.flush();
    const opId = uuid();
    session.expect(opId, `Restore revision ${rev}`);
    const done = await api.post<object | undefined>(`${path()}revisions/${rev}/restore/`, { op_id: opId });
    backToNow();
    notify(done ? `Restored revision ${rev}. Undo takes it back.` : `Nothing differs from revision ${rev}.`);
  } catch (error) {
    failed(`Revision ${rev} could not be restored.`, error);
  }
}

/** A new pipeline that starts as this one was. */
export async function cloneRevision(rev: number, name: string): Promise<void> {
  const { api, boot } = app();
  try {
    const copy = await api.post<{ id: number }>(`${path()}clone/`, { rev, name });
    location.assign(`${boot.pages}pipelines/${copy.id}/`);
  } catch (error) {
    failed(`Revision ${rev} could not be cloned.`, error);
  }
}

export const runRevision = (rev: number): void => askToRun({ revision: rev });

/** On arrival: what the address names. Whether it named something. */
export function openFromAddress(): boolean {
  const params = new URLSearchParams(location.search);
  const before = params.get("before");
  const revision = params.get("revision");
  if (before) void compare(before, params.get("after") ?? "draft");
  else if (revision && /^\d+$/.test(revision)) void openRevision(Number(revision));
  else return false;
  return true;
}
