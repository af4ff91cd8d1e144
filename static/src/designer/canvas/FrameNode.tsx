import type { Node, NodeProps } from "@xyflow/react";
import { Handle, Position } from "@xyflow/react";
import { memo } from "react";

import { portY } from "../../graph/geometry.ts";
import { inputPorts, outputPorts } from "../../graph/ports.ts";
import { Icon } from "../../lib/Icon.tsx";
import { innerHandle } from "../groups/layout.ts";
import { useDoc } from "../state/doc.ts";
import { stepOf, useRun } from "../state/run.ts";
import type { FrameData } from "./flow.ts";
import { NodeFooter } from "./NodeFooter.tsx";
import { NodeMenuButton } from "./NodeMenuButton.tsx";
import { FinalMark, LoopRow, ModeMark, OpenButton, SubLine, iconOf, tileHue } from "./nodeParts.tsx";
import { NodeTitle } from "./NodeTitle.tsx";
import { OrderHandles } from "./OrderHandles.tsx";
import { OutputMarks } from "./OutputMarks.tsx";
import { Port } from "./Port.tsx";
import { ProblemBadge } from "./ProblemBadge.tsx";
import { countRender } from "./renders.ts";

/** A group that is open: a frame around its graph, with the group's own ports at its sides. */
export const FrameNode = memo(
  function FrameNode({ id, data, selected }: NodeProps<Node<FrameData, "frame">>) {
    countRender(id);
    const { node, face, footer } = data;
    const step = useRun((state) => (footer && data.step !== null ? stepOf(state, data.step) : undefined));
    const outer = useDoc((doc) => id in doc.document.nodes);
    const inputs = inputPorts(node, face);
    const outputs = outputPorts(node, face);
    return (
      <div
        className={`step-node group-frame${selected ? " is-selected" : ""}`}
        data-testid={`node-${id}`}
        data-status={step?.status}
        data-open=""
      >
        {node.loop && <span className="step-node__stack" aria-hidden="true" />}
        {node.mode && <ModeMark mode={node.mode} />}
        <header className="step-node__header">
          <span className="step-node__tile" style={{ "--tile": tileHue(node, face) }}>
            <Icon name={iconOf(node, face)} size={14} />
          </span>
          <div className="step-node__names">
            <NodeTitle id={id} title={node.title} />
            <div className="step-node__sub">
              <SubLine node={node} />
            </div>
          </div>
          {node.loop && <Watched step={data.step} />}
          {node.loop && <LoopRow loop={node.loop} state={step?.loop} />}
          {node.settings.final && <FinalMark />}
          <OpenButton id={id} title={node.title} open />
          {outer && <ProblemBadge node={id} />}
          {outer && <NodeMenuButton id={id} title={node.title} />}
        </header>
        {inputs.map((port, index) => (
          <div key={port.name}>
            <span className="group-frame__port" style={{ top: portY(index) }}>
              {port.label}
            </span>
            <Port
              node={id}
              side="in"
              top={portY(index)}
              name={port.name}
              label={port.label}
              type={port.type}
              optional={port.optional}
              wired={outer ? undefined : true}
            />
            <Handle
              id={innerHandle("in", port.name)}
              className="group-frame__inner"
              type="source"
              position={Position.Right}
              isConnectable={false}
              style={{ top: portY(index), left: 0, right: "auto" }}
            />
          </div>
        ))}
        {outputs.map((port, index) => (
          <div key={port.name}>
            <span className="group-frame__port group-frame__port--out" style={{ top: portY(index) }}>
              {port.label}
            </span>
            <Port
              node={id}
              side="out"
              top={portY(index)}
              name={port.name}
              label={port.label}
              type={port.type}
            />
            <Handle
              id={innerHandle("out", port.name)}
              className="group-frame__inner"
              type="target"
              position={Position.Left}
              isConnectable={false}
              style={{ top: portY(index), left: "auto", right: 0 }}
            />
          </div>
        ))}
        <OrderHandles id={id} node={node} />
        {outer && <OutputMarks node={id} ports={outputs} />}
        {footer && <NodeFooter node={id} step={step} planned={data.step !== null} />}
      </div>
    );
  },
  (before, after) => before.data === after.data && before.selected === after.selected,
);

/** Which iteration of a loop the frame shows. */
function Watched({ step }: { step: string | null }) {
  const watched = useRun((state) =>
    step !== null && state.watched?.startsWith(`${step}[`) ? state.watched : null,
  );
  if (step === null || watched === null) return null;
  return <span className="group-frame__watched">Iteration {watched.slice(step.length + 1, -1)}</span>;
}
