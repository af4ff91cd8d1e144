import { useState } from "react";

import { Api, ApiError } from "../lib/api";
import { Icon } from "./Icon";
import type { StepDetail } from "./types";

interface Props {
  api: string;
  result: NonNullable<StepDetail["cache"]>;
  onChange: () => void;
}

/** What can be done with a step's result in the cache: keep it, or have it computed anew the next time. */
export function KnownResult({ api, result, onChange }: Props) {
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const [fault, setFault] = useState("");
  const call = (act: (calls: Api) => Promise<unknown>) => {
    setBusy(true);
    setFault("");
    act(new Api(api))
      .then(onChange)
      .catch((error: unknown) =>
        setFault(error instanceof ApiError ? error.message : "The answer could not be read."),
      )
      .finally(() => {
        setBusy(false);
        setAsking(false);
      });
  };
  const path = `cache/${result.id}/`;
  return (
    <>
      <p>{uses(result)}</p>
      {result.may_change && (
        <p className="details-actions">
          <button
            type="button"
            className="run-button"
            disabled={busy}
            onClick={() => call((calls) => calls.post(`${path}${result.pinned ? "unpin" : "pin"}/`))}
          >
            <Icon name="pin" /> {result.pinned ? "Unpin result" : "Pin result"}
          </button>
          {asking ? (
            <>
              <button
                type="button"
                className="run-button"
                autoFocus
                disabled={busy}
                onClick={() => call((calls) => calls.delete(path))}
              >
                <Icon name="trash-2" /> Evict it
              </button>
              <button type="button" className="run-button plain" onClick={() => setAsking(false)}>
                Cancel
              </button>
            </>
          ) : (
            !result.pinned && (
              <button type="button" className="run-button" disabled={busy} onClick={() => setAsking(true)}>
                <Icon name="trash-2" /> Evict…
              </button>
            )
          )}
        </p>
      )}
      {asking && <p className="muted">The next equal step runs again. This run keeps its outputs.</p>}
      {fault !== "" && <p role="alert">{fault}</p>}
    </>
  );
}

function uses({ hits, pinned }: Props["result"]): string {
  const used =
    hits === 0
      ? "Equal steps will be answered with it."
      : `Used ${hits} time${hits === 1 ? "" : "s"} instead of running.`;
  return pinned ? `${used} Pinned: it is never evicted.` : used;
}
