import type { Node, NodeProps } from "@xyflow/react";
import { memo } from "react";

import { portY } from "../../graph/geometry.ts";
import { inputPorts, outputPorts } from "../../graph/ports.ts";
import type { Loop } from "../../graph/control.ts";
import type { Interface } from "../../graph/types.ts";
import { Icon } from "../../lib/Icon.tsx";
import { useNewerVersion } from "../actions/upgrade.ts";
import { useMark } from "../history/pastStore.ts";
import { usePresence } from "../state/presence.ts";
import { stepOf, useRun } from "../state/run.ts";
import { DiffBadge } from "./DiffBadge.tsx";
import type { StepData } from "./flow.ts";
import { NodeFailure } from "./NodeFailure.tsx";
import { NodeFooter } from "./NodeFooter.tsx";
import { FinalMark, LoopRow, ModeMark, OpenButton, SubLine, Way, iconOf, tileHue } from "./nodeParts.tsx";
import { NodeMenuButton } from "./NodeMenuButton.tsx";
import { NodeTitle } from "./NodeTitle.tsx";
import { OrderHandles } from "./OrderHandles.tsx";
import { OutputMarks } from "./OutputMarks.tsx";
import { Port } from "./Port.tsx";
import { ProblemBadge } from "./ProblemBadge.tsx";
import { countRender } from "./renders.ts";

type Props = NodeProps<Node<StepData, "component" | "data" | "branch">>;

/** A component, a branch or a data asset on the canvas. Its status comes from the run store, so an event renders this node alone. */
export const StepNode = memo(
  function StepNode({ id, data, selected }: Props) {
    countRender(id);
    const { node, face, footer, inner } = data;
    const step = useRun((state) => (footer && data.step !== null ? stepOf(state, data.step) : undefined));
    const peer = usePresence((state) => state.byNode[id]);
    const mark = useMark(id)?.kind;
    const newer = useNewerVersion(node);
    const inputs = inputPorts(node, face);
    const outputs = outputPorts(node, face);
    const rows = Math.max(inputs.length, node.kind === "branch" ? 2 : outputs.length);
    const broken = node.kind === "component" && (!face || face.cannot_run !== undefined);
    const loop = node.kind === "component" ? node.loop : undefined;
    const mode = node.kind === "component" ? node.mode : undefined;
    return (
      <div
        className={`step-node step-node--${node.kind}${selected ? " is-selected" : ""}${broken ? " is-broken" : ""}${inner ? " is-inner" : ""}${mode ? ` is-${mode}` : ""}${mark ? ` is-diff-${mark}` : ""}`}
        data-testid={`node-${id}`}
        data-status={step?.status}
        data-outcome={step?.taken ?? undefined}
        style={peer ? { "--peer": peer.color } : undefined}
        data-peer={peer?.name}
        title={face?.cannot_run}
      >
        {loop && <span className="step-node__stack" aria-hidden="true" />}
        {mode && <ModeMark mode={mode} />}
        <header className="step-node__header">
          <span className="step-node__tile" style={{ "--tile": tileHue(node, face) }}>
            <Icon name={iconOf(node, face)} size={node.kind === "branch" ? 12 : 14} />
          </span>
          <div className="step-node__names">
            <NodeTitle id={id} title={node.title} />
            <div className="step-node__sub">
              <SubLine node={node} />
              {newer && <span className="step-node__newer" title={`Version ${newer} is there`} />}
            </div>
          </div>
          {node.settings.final && <FinalMark />}
          {face?.pipeline && <OpenButton id={id} title={node.title} open={false} />}
          {!inner && <ProblemBadge node={id} />}
          {!inner && <NodeMenuButton id={id} title={node.title} />}
        </header>
        {Array.from({ length: rows }, (_, row) => (
          <div className="step-node__row" key={row}>
            <span>{inputs[row]?.label}</span>
            {node.kind === "branch" ? <Way row={row} /> : <span>{outputs[row]?.label}</span>}
          </div>
        ))}
        {inputs.map((port, index) => (
          <Port
            key={port.name}
            {...{ node: id, side: "in", top: portY(index), ...only(port), optional: port.optional }}
            wired={inner?.has(port.name)}
          />
        ))}
        {outputs.map((port, index) => (
          <Port key={port.name} {...{ node: id, side: "out", top: portY(index), ...only(port) }} />
        ))}
        <OrderHandles id={id} node={node} />
        {loop && <LoopRow loop={loop} state={step?.loop} />}
        {!inner && <OutputMarks node={id} ports={outputs} />}
        {node.comment && (
          <span className="step-node__comment" title={node.comment}>
            <Icon name="scroll-text" size={12} />
          </span>
        )}
        {footer && <NodeFooter node={id} step={step} planned={data.step !== null} />}
        {!inner && step?.status === "Failed" && (
          <NodeFailure node={id} message={step.message} to={placeOfFault(loop, face)} />
        )}
        <DiffBadge id={id} />
        {peer && <span className="step-node__peer">{peer.name}</span>}
      </div>
    );
  },
  (before, after) => before.data === after.data && before.selected === after.selected,
);

const only = (port: { name: string; label: string; type: string }) => ({
  name: port.name,
  label: port.label,
  type: port.type,
});

/** Where one reads what went wrong: loops and groups have no log of their own. */
function placeOfFault(loop: Loop | undefined, face: Interface | undefined): string {
  if (loop) return loop.type === "sweep" ? "Show the trials" : "Show the iterations";
  return face?.pipeline ? "Show details" : "Show in log";
}
