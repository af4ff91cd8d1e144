import "./history.css";

import { useEffect, useMemo } from "react";

import { StatusGlyph } from "../../run/StatusGlyph.tsx";
import { ago, clock, plural } from "../../lib/format.ts";
import { Icon } from "../../lib/Icon.tsx";
import { app } from "../app.ts";
import { useDoc } from "../state/doc.ts";
import { useRun } from "../state/run.ts";
import { notify } from "../state/ui.ts";
import type { Batch, Version } from "./historyStore.ts";
import { loadHistory, loadOlder, spellsOf, useHistory } from "./historyStore.ts";
import { compare, openRevision } from "./past.ts";
import { usePast } from "./pastStore.ts";
import { Scrubber } from "./Scrubber.tsx";

/** Everything that was done to the pipeline, newest first, by person and time, with its versions and its runs. */
export function HistoryPanel() {
  const rev = useDoc((doc) => doc.rev);
  const batches = useHistory((state) => state.batches);
  const next = useHistory((state) => state.next);
  const versions = useHistory((state) => state.versions);
  const shown = usePast((past) => past.wanted ?? past.revision?.rev ?? null) ?? rev;
  useEffect(() => {
    const timer = setTimeout(() => {
      loadHistory().catch((error: unknown) => notify(`The history could not be loaded. ${String(error)}`));
    }, 150);
    return () => clearTimeout(timer);
  }, [rev]);
  const spells = useMemo(() => spellsOf(batches), [batches]);
  if (next === undefined) return <p className="drawer__empty">Loading the history…</p>;
  return (
    <div className="history">
      <Scrubber />
      <ol className="history__spells" aria-label="History">
        {spells.map((spell) => (
          <li key={spell.batches[0]!.rev}>
            <h3 className="history__who">
              <i style={{ background: spell.user?.color ?? "var(--ink-muted)" }} aria-hidden="true" />
              {spell.user?.name ?? "Somebody who has left"}
              <span title={new Date(spell.to).toLocaleString()}>
                {ago(spell.to)} · {plural(spell.batches.length, "edit")}
              </span>
            </h3>
            <ol>
              {spell.batches.map((batch) => (
                <Line key={batch.rev} batch={batch} shown={batch.rev === shown} versions={versions} />
              ))}
            </ol>
          </li>
        ))}
        {next === null && (
          <li>
            <Line batch={FIRST} shown={shown === 0} versions={versions} />
          </li>
        )}
      </ol>
      {next !== null && (
        <button type="button" className="btn history__more" onClick={() => void loadOlder()}>
          Show older edits
        </button>
      )}
    </div>
  );
}

const FIRST: Batch = { rev: 0, at: "", user: null, words: "The pipeline as it was made" };

function Line({ batch, shown, versions }: { batch: Batch; shown: boolean; versions: readonly Version[] }) {
  const { rev, words, at } = batch;
  const runs = useRun((state) => state.recent);
  const named = versions.filter((version) => version.rev === rev);
  const ran = runs.filter((run) => run.rev === rev);
  return (
    <div className={`history__line${shown ? " is-shown" : ""}`} data-testid={`revision-${rev}`}>
      <button type="button" aria-current={shown ? "step" : undefined} onClick={() => void openRevision(rev)}>
        <span className="history__rev">{rev}</span>
        <span className="history__words">{words}</span>
        {named.map((version) => (
          <span className="history__version" key={version.id} title={version.note || undefined}>
            <Icon name="tag" size={12} />
            {version.name}
          </span>
        ))}
        {at && <time dateTime={at}>{clock(at)}</time>}
      </button>
      {ran.map((run) => (
        <a key={run.id} className="history__run" href={`${app().boot.pages}runs/${run.id}/`}>
          #{run.id} <StatusGlyph status={run.status} size={12} word={false} />
        </a>
      ))}
      <button
        type="button"
        className="btn-icon"
        aria-label={`Compare revision ${rev} with now`}
        title="Compare with now"
        onClick={() => void compare(String(rev), "draft")}
      >
        <Icon name="git-compare" size={14} />
      </button>
    </div>
  );
}
