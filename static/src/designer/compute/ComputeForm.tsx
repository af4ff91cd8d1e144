import "./compute.css";

import { useId, useState } from "react";

import type { GraphNode, Labels, NodeSettings, PipelineSettings, Resources } from "../../graph/types.ts";
import { edit } from "../app.ts";
import { changeNode } from "../actions/edit.ts";
import { isGroup } from "../groups/expand.ts";
import { useDoc } from "../state/doc.ts";
import { useDraft } from "../widgets/draft.ts";
import { readLabels, sizeFault, writtenLabels } from "./labels.ts";
import { limitsOf, useTargets } from "./targets.ts";

/** What a node names to run on the default queue although its pipeline has another default. */
const DEFAULT_QUEUE = "default";

type Choice = Pick<NodeSettings, "compute" | "labels">;

/** Where a step runs, and what it needs there. */
export function NodeCompute({ node }: { node: GraphNode }) {
  const pipeline = useDoc((doc) => doc.document.settings);
  const set = (change: Partial<NodeSettings>) => {
    changeNode(node.id, { settings: withoutEmpty({ ...node.settings, ...change }) }, "Compute");
  };
  const own = node.settings.resources ?? {};
  const need = (change: Resources) => set({ resources: withoutEmpty({ ...own, ...change }) });
  return (
    <>
      <Where choice={node.settings} inherited={inherited(pipeline)} onChange={set} />
      {isGroup(node) ? (
        <p className="param__help">For the steps in it that make no choice of their own.</p>
      ) : (
        <Needs own={own} need={need} />
      )}
    </>
  );
}

interface NeedsProps {
  own: Resources;
  need: (change: Resources) => void;
}

function Needs({ own, need }: NeedsProps) {
  return (
    <>
      <TextSetting
        label="Cores"
        value={own.cpu?.toString() ?? ""}
        placeholder="target’s"
        help="How many threads libraries start."
        fault={(text) => (Number(text) > 0 ? null : `“${text}” is no number of cores.`)}
        onCommit={(text) => need({ cpu: text === "" ? null : Number(text) })}
      />
      <TextSetting
        label="Memory"
        value={own.memory ?? ""}
        placeholder="target’s"
        help="As 512MB or 2GB. The step is killed when its processes use more."
        fault={sizeFault}
        onCommit={(text) => need({ memory: text === "" ? null : text })}
      />
      <TextSetting
        label="GPUs"
        value={own.gpus?.toString() ?? ""}
        placeholder="target’s"
        help="So many are visible to the step."
        fault={(text) => (/^\d{1,4}$/.test(text) ? null : `“${text}” is no number of GPUs.`)}
        onCommit={(text) => need({ gpus: text === "" ? null : Number(text) })}
      />
    </>
  );
}

/** Where steps run that make no choice of their own. */
export function PipelineCompute() {
  const settings = useDoc((doc) => doc.document.settings);
  return (
    <Where
      choice={settings}
      inherited="Default queue"
      onChange={(change) => {
        const next = withoutEmpty<PipelineSettings>({ ...settings, ...change });
        edit([{ op: "update_pipeline", changes: { settings: next } }], "Change the pipeline's compute");
      }}
    />
  );
}

export function computeNote(choice: Choice & { resources?: Resources | null }): string {
  return choice.compute ?? (choice.labels ? writtenLabels(choice.labels) : choice.resources ? "limits" : "");
}

function inherited(pipeline: PipelineSettings): string {
  const chosen = computeNote(pipeline);
  return chosen ? `As the pipeline: ${chosen}` : "Default queue";
}

interface WhereProps {
  choice: Choice;
  inherited: string;
  onChange: (change: Choice) => void;
}

function Where({ choice, inherited: none, onChange }: WhereProps) {
  const editable = useDoc((doc) => doc.editable);
  const targets = useTargets();
  const id = useId();
  const name = choice.compute ?? "";
  const known = targets?.find((target) => target.name === name);
  const missing = targets !== null && name !== "" && name !== DEFAULT_QUEUE && !known;
  return (
    <>
      <div className="setting compute-setting">
        <label htmlFor={id}>Compute target</label>
        <select
          id={id}
          className="text-input"
          data-field="compute"
          value={name}
          disabled={!editable}
          aria-invalid={missing || undefined}
          onChange={(event) => onChange({ compute: event.target.value || null })}
        >
          <option value="">{none}</option>
          {none !== "Default queue" && <option value={DEFAULT_QUEUE}>Default queue</option>}
          {name !== "" && name !== DEFAULT_QUEUE && !known && <option>{name}</option>}
          {targets?.map((target) => (
            <option key={target.name}>{target.name}</option>
          ))}
        </select>
        {missing && (
          <p className="compute-fault">There is no compute target “{name}” here; choose another.</p>
        )}
        {known && limitsOf(known) && <p className="param__help">{limitsOf(known)}</p>}
        {targets?.length === 0 && <p className="param__help">Owners register targets on the page Compute.</p>}
      </div>
      <TextSetting
        label="Labels"
        value={writtenLabels(choice.labels)}
        placeholder="zone=eu-1"
        help={name ? "The target must have them." : "Any target that has them will do."}
        fault={(text) => {
          const read = readLabels(text);
          return typeof read === "string" ? read : null;
        }}
        onCommit={(text) => onChange({ labels: readLabels(text) as Labels })}
      />
    </>
  );
}

interface TextProps {
  label: string;
  value: string;
  placeholder: string;
  help: string;
  /** A sentence where a text that is not empty cannot be taken. */
  fault: (text: string) => string | null;
  onCommit: (text: string) => void;
}

function TextSetting({ label, value, placeholder, help, fault, onCommit }: TextProps) {
  const editable = useDoc((doc) => doc.editable);
  const [wrong, setWrong] = useState<string | null>(null);
  const id = useId();
  const text = useDraft(value, (next) => {
    const found = next.trim() === "" ? null : fault(next.trim());
    setWrong(found);
    if (found === null) onCommit(next.trim());
  });
  return (
    <div className="setting compute-setting">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="text-input"
        data-field={label.toLowerCase()}
        placeholder={placeholder}
        value={text.draft}
        disabled={!editable}
        aria-invalid={wrong !== null || undefined}
        aria-describedby={`${id}-help`}
        onChange={(event) => text.setDraft(event.target.value)}
        onBlur={text.commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") text.commit();
          if (event.key === "Escape") {
            setWrong(null);
            text.revert();
          }
        }}
      />
      <p id={`${id}-help`} className={wrong === null ? "param__help" : "compute-fault"}>
        {wrong ?? help}
      </p>
    </div>
  );
}

/** Without what is unset, so that a document says only what somebody chose. */
function withoutEmpty<T extends object>(settings: T): T {
  const kept = Object.entries(settings).filter(
    ([, value]) =>
      value !== null && !(typeof value === "object" && Object.keys(value as object).length === 0),
  );
  return Object.fromEntries(kept) as T;
}
