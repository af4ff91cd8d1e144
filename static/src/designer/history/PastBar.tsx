import "./history.css";

import { useEffect } from "react";

import { ago } from "../../lib/format.ts";
import { Icon } from "../../lib/Icon.tsx";
import { copyAddress } from "../actions/links.ts";
import { app } from "../app.ts";
import { openMenu } from "../menu/menuStore.ts";
import { useRun } from "../state/run.ts";
import { setUi } from "../state/ui.ts";
import { loadHistory, useHistory } from "./historyStore.ts";
import { summed } from "./marks.ts";
import { backToNow, cloneRevision, compare, restoreRevision, runRevision } from "./past.ts";
import type { Comparison, Revision, Side } from "./pastStore.ts";
import { nameVersion } from "./naming.ts";
import { usePast } from "./pastStore.ts";

/** Above the canvas while it does not show the draft: what it shows, what to do with it, and the way back. */
export function PastBar() {
  const revision = usePast((past) => past.revision);
  const comparison = usePast((past) => past.comparison);
  const open = revision !== null || comparison !== null;
  useEffect(() => {
    if (open) loadHistory().catch(() => undefined);
  }, [open]);
  if (comparison) return <Comparing comparison={comparison} />;
  return revision && <Past revision={revision} />;
}

function Back({ label }: { label: string }) {
  return (
    <button type="button" className="btn btn--primary" data-testid="back-to-now" onClick={backToNow}>
      {label}
    </button>
  );
}

function CopyLink() {
  return (
    <button
      type="button"
      className="btn-icon"
      aria-label="Copy a link to this"
      title="Copy a link to this"
      onClick={() => void copyAddress()}
    >
      <Icon name="link" />
    </button>
  );
}

function Past({ revision: { rev, at, user } }: { revision: Revision }) {
  const named = useHistory((state) => state.versions.find((version) => version.rev === rev));
  const { boot } = app();
  const more = (event: { currentTarget: HTMLElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    const name = `${boot.pipeline?.name ?? "Pipeline"} (${named?.name ?? `revision ${rev}`})`;
    openMenu(
      [
        {
          label: "Run this",
          icon: "play",
          note: "The pipeline as it was then",
          disabled: !boot.user.can_run,
          do: () => runRevision(rev),
        },
        {
          label: "Clone this",
          icon: "copy-plus",
          note: "A new pipeline that starts so",
          disabled: !boot.user.can_edit,
          do: () => void cloneRevision(rev, name.slice(0, 200)),
        },
        {
          label: "Name this version…",
          icon: "tag",
          disabled: !boot.user.can_edit,
          do: () => nameVersion(rev),
        },
      ],
      { x: box.left, y: box.bottom + 4 },
      "Do with this revision",
    );
  };
  return (
    <div className="past-bar" role="region" aria-label="The past" data-testid="past-bar">
      <Icon name="history" />
      <strong>{named ? named.name : `Revision ${rev}`}</strong>
      <span className="past-bar__facts">
        {named && `revision ${rev} · `}
        {user?.name ?? "somebody"} · {ago(at)} · to be looked at only
      </span>
      <span className="spacer" />
      {boot.user.can_edit && (
        <button type="button" className="btn" data-testid="restore" onClick={() => void restoreRevision(rev)}>
          <Icon name="rotate-ccw" size={14} />
          Restore this
        </button>
      )}
      <button
        type="button"
        className="btn"
        data-testid="compare-with-now"
        onClick={() => void compare(String(rev), "draft")}
      >
        <Icon name="git-compare" size={14} />
        Compare with now
      </button>
      <CopyLink />
      <button
        type="button"
        className="btn-icon"
        aria-label="More with this revision"
        aria-haspopup="menu"
        title="More"
        data-testid="past-menu"
        onClick={more}
      >
        <Icon name="ellipsis" />
      </button>
      <Back label="Back to now" />
    </div>
  );
}

function Comparing({ comparison }: { comparison: Comparison }) {
  const { before, after, changes } = comparison;
  return (
    <div className="past-bar" role="region" aria-label="Comparison" data-testid="past-bar">
      <Icon name="git-compare" />
      <Choice label="Before" side={before} onChoose={(ref) => void compare(ref, after.ref)} />
      <Icon name="arrow-right" size={14} />
      <Choice label="After" side={after} onChoose={(ref) => void compare(before.ref, ref)} />
      <button
        type="button"
        className="past-bar__facts past-bar__sum"
        title="Show the list of changes"
        onClick={() => setUi({ drawer: "changes" })}
      >
        {summed(changes)}
      </button>
      <span className="spacer" />
      <button
        type="button"
        className="btn-icon"
        aria-label="Swap before and after"
        title="Swap before and after"
        onClick={() => void compare(after.ref, before.ref)}
      >
        <Icon name="arrow-down-up" />
      </button>
      <CopyLink />
      <Back label="Close" />
    </div>
  );
}

function Choice(props: { label: string; side: Side; onChoose: (ref: string) => void }) {
  const { label, side, onChoose } = props;
  const versions = useHistory((state) => state.versions);
  const batches = useHistory((state) => state.batches);
  const runs = useRun((state) => state.recent);
  const known = new Map<string, string>([
    ["draft", "Now"],
    ...versions.map((version): [string, string] => [`version:${version.name}`, version.name]),
    ...runs.map((run): [string, string] => [`run:${run.id}`, `Run #${run.id}`]),
    ...batches.map(({ rev, words }): [string, string] => [
      String(rev),
      `Revision ${rev} · ${words.slice(0, 40)}`,
    ]),
  ]);
  if (!known.has(side.ref)) known.set(side.ref, side.label);
  return (
    <select
      className="text-input past-bar__choice"
      aria-label={label}
      value={side.ref}
      data-testid={`compare-${label.toLowerCase()}`}
      onChange={(event) => onChoose(event.target.value)}
    >
      {[...known].map(([ref, text]) => (
        <option key={ref} value={ref}>
          {text}
        </option>
      ))}
    </select>
  );
}
