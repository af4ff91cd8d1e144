import type { Node, NodeProps } from "@xyflow/react";
import { memo } from "react";

import { portY } from "../../graph/geometry.ts";
import { inputPorts, outputPorts, splitRef } from "../../graph/ports.ts";
import { Icon } from "../../lib/Icon.tsx";
import { useNewerVersion } from "../actions/upgrade.ts";
import { usePresence } from "../state/presence.ts";
import { useRun } from "../state/run.ts";
import { categoryHue } from "../palette/categories.ts";
import { familyOf, hue } from "./family.ts";
import type { StepData } from "./flow.ts";
import { NodeFailure } from "./NodeFailure.tsx";
import { NodeFooter } from "./NodeFooter.tsx";
import { NodeMenuButton } from "./NodeMenuButton.tsx";
import { NodeTitle } from "./NodeTitle.tsx";
import { Port } from "./Port.tsx";
import { ProblemBadge } from "./ProblemBadge.tsx";
import { countRender } from "./renders.ts";

type Props = NodeProps<Node<StepData, "component" | "data">>;

/** A component or a data asset on the canvas. Its status comes from the run store, so an event renders this node alone. */
export const StepNode = memo(
  function StepNode({ id, data, selected }: Props) {
    countRender(id);
    const { node, face, footer } = data;
    const step = useRun((state) => (footer ? state.steps[id] : undefined));
    const peer = usePresence((state) => state.byNode[id]);
    const newer = useNewerVersion(node);
    const inputs = inputPorts(node, face);
    const outputs = outputPorts(node, face);
    const rows = Math.max(inputs.length, outputs.length);
    const ref = splitRef(node.kind === "data" ? node.asset : node.component);
    const broken = node.kind === "component" && !face;
    const tile = node.kind === "data" ? hue(familyOf(node.type)) : categoryHue(face?.category ?? "");
    return (
      <div
        className={`step-node step-node--${node.kind}${selected ? " is-selected" : ""}${broken ? " is-broken" : ""}`}
        data-testid={`node-${id}`}
        data-status={step?.status}
        style={peer ? { "--peer": peer.color } : undefined}
        data-peer={peer?.name}
      >
        <header className="step-node__header">
          <span className="step-node__tile" style={{ "--tile": tile }}>
            <Icon
              name={node.kind === "data" ? dataIcon(node.type) : broken ? "puzzle" : (face?.icon ?? "box")}
              size={14}
            />
          </span>
          <div className="step-node__names">
            <NodeTitle id={id} title={node.title} />
            <div className="step-node__sub">
              {node.kind === "data" && "data · "}
              {ref.name} · v{ref.version}
              {newer && <span className="step-node__newer" title={`Version ${newer} is there`} />}
            </div>
          </div>
          <ProblemBadge node={id} />
          <NodeMenuButton id={id} title={node.title} />
        </header>
        {Array.from({ length: rows }, (_, row) => (
          <div className="step-node__row" key={row}>
            <span>{inputs[row]?.label}</span>
            <span>{outputs[row]?.label}</span>
          </div>
        ))}
        {inputs.map((port, index) => (
          <Port
            key={port.name}
            {...{ node: id, side: "in", top: portY(index), ...only(port), optional: port.optional }}
          />
        ))}
        {outputs.map((port, index) => (
          <Port key={port.name} {...{ node: id, side: "out", top: portY(index), ...only(port) }} />
        ))}
        {node.comment && (
          <span className="step-node__comment" title={node.comment}>
            <Icon name="scroll-text" size={12} />
          </span>
        )}
        {footer && <NodeFooter node={id} step={step} />}
        {step?.status === "Failed" && <NodeFailure node={id} message={step.message} />}
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

const dataIcon = (type: string): string =>
  ({ mltable: "table-2", uri_folder: "folder", uri_file: "file-spreadsheet" })[type] ?? "package";
