import type { EdgeProps } from "@xyflow/react";
import { BaseEdge, EdgeLabelRenderer } from "@xyflow/react";
import { memo } from "react";

import { Icon } from "../../lib/Icon.tsx";
import { titleOf } from "../actions/edit.ts";
import { stepIdOf } from "../groups/view.ts";
import { openOrderMenu } from "../menu/orderMenu.ts";
import { useWireMark } from "../history/pastStore.ts";
import { useDoc } from "../state/doc.ts";
import { stepOf, useRun } from "../state/run.ts";
import { select, setUi, useUi } from "../state/ui.ts";
import { CONDITIONS, wasFollowed } from "./conditions.ts";
import { WireSign } from "./DiffBadge.tsx";
import type { OrderFlowEdge } from "./flow.ts";
import { orderPath } from "./orderPath.ts";

/** "Run after": dashed, from foot to head, with its condition in words. In a run, what was not followed steps back. */
export const OrderWire = memo(function OrderWire(props: EdgeProps<OrderFlowEdge>) {
  const { id, source, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data, selected } =
    props;
  const { path, x, y } = orderPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition });
  const hovered = useUi((ui) => ui.hoverEdge === id);
  const editable = useDoc((doc) => doc.editable) && data?.inner !== true;
  const mark = useWireMark(id);
  const condition = data?.edge.condition ?? "succeeded";
  const followed = useRun((state) => wasFollowed(condition, stepOf(state, stepIdOf(source) ?? "")));
  if (!data) return null;
  const { edge } = data;
  const { word, icon, hue, help } = CONDITIONS[condition];
  const state = followed === null ? "" : followed ? " is-followed" : " is-passed-over";
  const said = `${titleOf(edge.target)} runs after ${titleOf(edge.source)}: ${word}`;
  const open = (event: { currentTarget: HTMLElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    select([], [id]);
    openOrderMenu(edge, { x: box.left, y: box.bottom + 4 });
  };
  return (
    <>
      <g
        className={`order-wire${state}${mark ? ` is-diff-${mark}` : ""}${selected ? " is-selected" : ""}${hovered ? " is-hovered" : ""}`}
        style={{ "--hue": hue }}
        data-testid={`order-${id}`}
        data-followed={followed ?? undefined}
      >
        <BaseEdge path={path} interactionWidth={20} markerEnd="url(#order-arrow)" />
      </g>
      <WireSign id={id} x={x} y={y - 20} />
      <EdgeLabelRenderer>
        <button
          type="button"
          className={`order-label nodrag nopan${state}${selected ? " is-selected" : ""}`}
          style={{ "--hue": hue, transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          tabIndex={-1}
          disabled={!editable}
          aria-label={`${said}. ${followed === null ? "" : followed ? "Followed." : "Not followed."}`}
          aria-haspopup={editable ? "menu" : undefined}
          title={`${said} (${help.toLowerCase()})`}
          data-testid={`condition-${id}`}
          onMouseEnter={() => setUi({ hoverEdge: id })}
          onMouseLeave={() => setUi({ hoverEdge: null })}
          onClick={open}
        >
          <Icon name={icon} size={12} />
          {word}
        </button>
      </EdgeLabelRenderer>
    </>
  );
});

/** The head of every order edge: defined once. */
export function OrderArrow() {
  return (
    <svg className="order-arrow" aria-hidden="true">
      <defs>
        <marker
          id="order-arrow"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="8"
          markerHeight="8"
          orient="auto"
          markerUnits="userSpaceOnUse"
        >
          <path d="M1 1 7 4 1 7z" />
        </marker>
      </defs>
    </svg>
  );
}
