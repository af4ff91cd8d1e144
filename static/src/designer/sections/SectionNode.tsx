import type { Node, NodeProps } from "@xyflow/react";
import { Handle, Position } from "@xyflow/react";
import { memo } from "react";

import type { Section } from "../../graph/types.ts";
import { plural } from "../../lib/format.ts";
import { Icon } from "../../lib/Icon.tsx";
import { StatusGlyph } from "../../run/StatusGlyph.tsx";
import type { StepStatus } from "../../run/types.ts";
import { NodeMenuButton } from "../canvas/NodeMenuButton.tsx";
import { NodeTitle } from "../canvas/NodeTitle.tsx";
import { countRender } from "../canvas/renders.ts";
import { usePresence } from "../state/presence.ts";
import { stepOf, useRun } from "../state/run.ts";
import { toggleFold } from "./actions.ts";

export interface SectionData extends Record<string, unknown> {
  section: Section;
  members: readonly string[];
  folded: boolean;
}

export const INTO = "$in";
export const OUT = "$out";

/** A frame around what is in a group; folded, one box with all that leads in and out. */
export const SectionNode = memo(
  function SectionNode({ id, data, selected }: NodeProps<Node<SectionData, "section">>) {
    countRender(id);
    const { section, members, folded } = data;
    const peer = usePresence((state) => state.byNode[id]);
    const title = section.title || "Group";
    return (
      <div
        className={`section-node tint--${section.color}${folded ? " is-folded" : ""}${selected ? " is-selected" : ""}`}
        data-testid={`node-${id}`}
        data-peer={peer?.name}
        style={peer ? { "--peer": peer.color } : undefined}
      >
        <header className="section-node__header">
          <button
            type="button"
            tabIndex={-1}
            className="step-node__open nodrag nopan"
            aria-expanded={!folded}
            aria-label={`${folded ? "Open" : "Fold"} ${title}`}
            title={folded ? "Open the group (E)" : "Fold the group (E)"}
            data-testid={`fold-${id}`}
            onClick={(event) => {
              event.stopPropagation();
              toggleFold(id);
            }}
            onDoubleClick={(event) => event.stopPropagation()}
          >
            <Icon name={folded ? "chevron-right" : "chevron-down"} size={14} />
          </button>
          <NodeTitle id={id} title={title} />
          <NodeMenuButton id={id} title={title} />
        </header>
        {folded && (
          <>
            <Summary members={members} />
            <Handle id={INTO} type="target" position={Position.Left} isConnectable={false} />
            <Handle id={OUT} type="source" position={Position.Right} isConnectable={false} />
          </>
        )}
        {peer && <span className="step-node__peer">{peer.name}</span>}
      </div>
    );
  },
  (before, after) => before.data === after.data && before.selected === after.selected,
);

/** What matters most of these first. */
const RANK: readonly StepStatus[] = [
  "Failed",
  "Running",
  "Queued",
  "Waiting",
  "NotStarted",
  "Canceled",
  "Skipped",
];

function Summary({ members }: { members: readonly string[] }) {
  const said = useRun((state) => {
    const found = members.flatMap((id) => (state.run ? (stepOf(state, id)?.status ?? []) : []));
    if (found.length === 0) return "";
    const worst = RANK.find((status) => found.includes(status)) ?? "Completed";
    return `${worst} ${found.filter((status) => status === "Completed").length}/${found.length}`;
  });
  const [status, counts] = said.split(" ");
  return (
    <p className="section-node__summary">
      {status ? (
        <>
          <StatusGlyph status={status as StepStatus} reused={false} size={14} />
          <span>{counts} done</span>
        </>
      ) : (
        plural(members.length, "node")
      )}
    </p>
  );
}
