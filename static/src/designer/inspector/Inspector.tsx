import "./inspector.css";
import "../widgets/widgets.css";
import "../../run/base.css";
import "../../run/step-panel.css";

import { useMemo } from "react";

import { inputNameOf } from "../../graph/types.ts";
import { Icon } from "../../lib/Icon.tsx";
import { useTabs } from "../../run/tabs.tsx";
import { Resizer } from "../panels/Resizer.tsx";
import { useDoc } from "../state/doc.ts";
import type { Placed } from "../groups/layout.ts";
import { currentView } from "../groups/view.ts";
import { stepOf, useRun } from "../state/run.ts";
import type { InspectorTab } from "../state/ui.ts";
import { onlySelected, setUi, useUi } from "../state/ui.ts";
import { InnerPanel } from "./InnerPanel.tsx";
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
  const own = useDoc((doc) => (id === null ? undefined : doc.document.nodes[id]));
  const shown = useRun((state) => (id === null ? undefined : state.run?.document.nodes[id]));
  const placed = useInner(own ? null : id);
  const node = own ?? placed?.node;
  const stepId = own ? id : (placed?.step ?? null);
  const step = useRun((state) => (stepId === null ? undefined : stepOf(state, stepId)));
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
  if (!node || id === null) return <PipelinePanel />;
  return (
    <>
      {step && <div className="inspector__tabs">{bar("Inspector")}</div>}
      <div className="inspector__body" {...(step ? panel : {})}>
        {tab === "run" && step ? (
          <RunTab key={id} node={id} step={step} graph={shown ?? node} />
        ) : placed ? (
          <InnerPanel key={id} path={id} node={placed.node} graph={placed.graph} />
        ) : (
          <NodePanel key={id} node={node} />
        )}
      </div>
    </>
  );
}

/** A node in an open group. */
function useInner(id: string | null): Placed | undefined {
  const expanded = useUi((ui) => ui.expanded);
  const watched = useRun((state) => state.watched);
  return useMemo(
    () => (id === null ? undefined : currentView().inner.get(id)),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what the view is made of
    [id, expanded, watched],
  );
}
