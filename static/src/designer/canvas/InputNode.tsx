import type { Node, NodeProps } from "@xyflow/react";
import { memo } from "react";

import { portY } from "../../graph/geometry.ts";
import { inputNodeId } from "../../graph/types.ts";
import { Icon } from "../../lib/Icon.tsx";
import { app } from "../app.ts";
import { useMark } from "../history/pastStore.ts";
import { DiffBadge } from "./DiffBadge.tsx";
import { familyOf, hue } from "./family.ts";
import type { InputData } from "./flow.ts";
import { Port } from "./Port.tsx";
import { countRender } from "./renders.ts";

/** A pipeline input that carries data, drawn as a place where it enters. */
export const InputNode = memo(
  function InputNode({ id, data: { name, input }, selected }: NodeProps<Node<InputData, "input">>) {
    countRender(id);
    const mark = useMark(id)?.kind;
    const word = app().catalog.labels[input.type] ?? input.type;
    return (
      <div
        className={`step-node step-node--input${selected ? " is-selected" : ""}${mark ? ` is-diff-${mark}` : ""}`}
        data-testid={`node-${id}`}
      >
        <header className="step-node__header">
          <span className="step-node__tile" style={{ "--tile": hue(familyOf(input.type)) }}>
            <Icon name="log-in" size={14} />
          </span>
          <div className="step-node__names">
            <div className="step-node__title" title={name}>
              {name}
            </div>
            <div className="step-node__sub">pipeline input</div>
          </div>
        </header>
        <div className="step-node__row">
          <span />
          <span>{word}</span>
        </div>
        <Port node={inputNodeId(name)} side="out" top={portY(0)} name={name} label={name} type={input.type} />
        <DiffBadge id={id} />
      </div>
    );
  },
  (before, after) => before.data === after.data && before.selected === after.selected,
);
