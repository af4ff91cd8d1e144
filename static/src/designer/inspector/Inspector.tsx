import "./inspector.css";
import "../widgets/widgets.css";
import "../../run/base.css";
import "../../run/step-panel.css";

import { inputNameOf } from "../../graph/types.ts";
import { Icon } from "../../lib/Icon.tsx";
import { useTabs } from "../../run/tabs.tsx";
import { Resizer } from "../panels/Resizer.tsx";
import { useDoc } from "../state/doc.ts";
import { useRun } from "../state/run.ts";
import type { InspectorTab } from "../state/ui.ts";
import { onlySelected, setUi, useUi } from "../state/ui.ts";
import { NodePanel } from "./NodePanel.tsx";
import { PipelineInputPanel } from "./PipelineInputs.tsx";
import { PipelinePanel } from "./PipelinePanel.tsx";
import { RunTab } from "./RunTab.tsx";
import { SelectionPanel } from "./SelectionPanel.tsx";

/** Facts and settings of what is selected; of the pipeline when nothing is. */
export function Inspector() {
  const width = useUi((ui) => ui.inspectorWidth);
  return (
    <aside className="inspector" aria-label="Inspector" style={{ width }}>
      <Resizer
        side="left"
        value={width}
        least={280}
        most={640}
        label="Width of the inspector"
        onChange={(inspectorWidth) => setUi({ inspectorWidth })}
      />
      <button
        type="button"
        className="btn-icon inspector__hide"
        aria-label="Hide inspector"
        title="Hide inspector"
        onClick={() => setUi({ inspector: false })}
      >
        <Icon name="panel-right" />
      </button>
      <Content />
    </aside>
  );
}

function Content() {
  const loaded = useDoc((doc) => doc.loaded);
  const count = useUi((ui) => ui.selection.size);
  const id = useUi(onlySelected);
  const node = useDoc((doc) => (id === null ? undefined : doc.document.nodes[id]));
  const step = useRun((state) => (id === null ? undefined : state.steps[id]));
  const wanted = useUi((ui) => ui.tab);
  const tab: InspectorTab = step ? wanted : "parameters";
  const { bar, panel } = useTabs<InspectorTab>(
    [
      { id: "parameters", label: node?.kind === "data" ? "Data" : "Parameters" },
      { id: "run", label: "Run" },
    ],
    tab,
    (next) => setUi({ tab: next, logOf: null }),
  );
  if (!loaded) return <div className="inspector__loading" aria-busy="true" />;
  if (count > 1) return <SelectionPanel />;
  const input = id === null ? null : inputNameOf(id);
  if (input !== null) return <PipelineInputPanel name={input} />;
  if (!node) return <PipelinePanel />;
  return (
    <>
      {step && <div className="inspector__tabs">{bar("Inspector")}</div>}
      <div className="inspector__body" {...(step ? panel : {})}>
        {tab === "run" && step ? (
          <RunTab key={node.id} node={node.id} step={step} />
        ) : (
          <NodePanel key={node.id} node={node} />
        )}
      </div>
    </>
  );
}
