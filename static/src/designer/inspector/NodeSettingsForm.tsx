import { useId } from "react";

import type { GraphNode, NodeSettings } from "../../graph/types.ts";
import { changeNode } from "../actions/edit.ts";
import { useDoc } from "../state/doc.ts";
import { useDraft } from "../widgets/draft.ts";

/** How the engine treats the step. */
export function NodeSettingsForm({ node }: { node: GraphNode }) {
  const editable = useDoc((doc) => doc.editable);
  const set = (change: Partial<NodeSettings>) => {
    const next = Object.fromEntries(
      Object.entries({ ...node.settings, ...change }).filter(
        ([, value]) => value !== null && value !== false,
      ),
    );
    changeNode(node.id, { settings: next }, "Settings");
  };
  const final = (
    <label className="check-row">
      <input
        type="checkbox"
        data-field="final"
        checked={node.settings.final ?? false}
        disabled={!editable}
        onChange={(event) => set({ final: event.target.checked })}
      />
      <span>
        Run at the end, whatever happens
        <small className="check-row__note">
          After everything else has ended, also when it failed or was canceled
        </small>
      </span>
    </label>
  );
  if (node.kind === "branch") return final;
  return (
    <>
      {final}
      <NumberSetting
        label="Time limit"
        unit="seconds"
        help="The step is stopped when it takes longer."
        value={node.settings.timeout}
        disabled={!editable}
        onCommit={(timeout) => set({ timeout })}
      />
      <NumberSetting
        label="Retries"
        unit="times"
        help="How often a failed step is tried again, up to 10."
        value={node.settings.retries}
        most={10}
        disabled={!editable}
        onCommit={(retries) => set({ retries })}
      />
      <NumberSetting
        label="Wait between tries"
        unit="seconds"
        help=""
        value={node.settings.retry_delay}
        disabled={!editable}
        onCommit={(retry_delay) => set({ retry_delay })}
      />
      <NumberSetting
        label="Back off"
        unit="times"
        help="Each wait is this many times the one before, up to 10. Empty: every wait is as long."
        value={node.settings.retry_backoff}
        least={1}
        most={10}
        disabled={!editable}
        onCommit={(retry_backoff) => set({ retry_backoff })}
      />
      <label className="check-row">
        <input
          type="checkbox"
          checked={node.settings.force_rerun ?? false}
          disabled={!editable}
          onChange={(event) => set({ force_rerun: event.target.checked })}
        />
        Always run again, never reuse an earlier result
      </label>
    </>
  );
}

interface NumberProps {
  label: string;
  unit: string;
  help: string;
  value: number | null | undefined;
  least?: number;
  most?: number;
  disabled: boolean;
  onCommit: (value: number | null) => void;
}

function NumberSetting({ label, unit, help, value, least = 0, most = 1e6, disabled, onCommit }: NumberProps) {
  const id = useId();
  const text = useDraft(value === null || value === undefined ? "" : String(value), (next) => {
    const number = Number(next);
    if (next.trim() === "") onCommit(null);
    else if (Number.isFinite(number)) onCommit(Math.min(most, Math.max(least, number)));
    else return false;
    return true;
  });
  return (
    <div className="setting">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="text-input"
        inputMode="numeric"
        placeholder="–"
        value={text.draft}
        disabled={disabled}
        onChange={(event) => text.setDraft(event.target.value)}
        onBlur={text.commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") text.commit();
          if (event.key === "Escape") text.revert();
        }}
      />
      <span>{unit}</span>
      {help && <p className="param__help">{help}</p>}
    </div>
  );
}
