import { Icon } from "../../lib/Icon.tsx";
import { app } from "../app.ts";
import { useDoc } from "../state/doc.ts";
import { useRun } from "../state/run.ts";
import { useHistory } from "./historyStore.ts";
import { openRevision } from "./past.ts";
import { nameVersion } from "./naming.ts";
import { usePast } from "./pastStore.ts";

/** A slider over all revisions: the canvas follows it. Arrow keys go one revision at a time. */
export function Scrubber() {
  const rev = useDoc((doc) => doc.rev) ?? 0;
  const at = usePast((past) => past.wanted ?? past.revision?.rev ?? null) ?? rev;
  const versions = useHistory((state) => state.versions);
  const batches = useHistory((state) => state.batches);
  const runs = useRun((state) => state.recent);
  const go = (to: number) => void openRevision(Math.min(rev, Math.max(0, to)));
  const words = batches.find((batch) => batch.rev === at)?.words ?? "";
  const place = (of: number) => ({ left: `${rev === 0 ? 0 : (of / rev) * 100}%` });
  return (
    <div className="scrubber" role="group" aria-label="Scrub through the history">
      <button
        type="button"
        className="btn-icon"
        aria-label="One revision back"
        title="One revision back"
        disabled={at === 0}
        onClick={() => go(at - 1)}
      >
        <Icon name="chevron-left" />
      </button>
      <div className="scrubber__track">
        <span className="scrubber__marks" aria-hidden="true">
          {runs.map((run) => (
            <i key={run.id} className="scrubber__run" style={place(run.rev)} />
          ))}
          {versions.map((version) => (
            <i
              key={version.id}
              className="scrubber__version"
              style={place(version.rev)}
              title={version.name}
            />
          ))}
        </span>
        <input
          type="range"
          min={0}
          max={rev}
          value={at}
          aria-label="Revision"
          aria-valuetext={`Revision ${at} of ${rev}. ${words}`}
          data-testid="scrubber"
          onChange={(event) => go(Number(event.target.value))}
        />
      </div>
      <button
        type="button"
        className="btn-icon"
        aria-label="One revision on"
        title="One revision on"
        disabled={at === rev}
        onClick={() => go(at + 1)}
      >
        <Icon name="chevron-right" />
      </button>
      <output className="scrubber__at">
        Revision {at} of {rev}
      </output>
      {app().boot.user.can_edit && (
        <button type="button" className="btn" data-testid="name-version" onClick={() => nameVersion(at)}>
          <Icon name="tag" size={14} />
          Name this version…
        </button>
      )}
    </div>
  );
}
