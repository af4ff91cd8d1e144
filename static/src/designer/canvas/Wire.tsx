import type { EdgeProps } from "@xyflow/react";
import { BaseEdge, EdgeLabelRenderer, getBezierPath } from "@xyflow/react";
import { memo } from "react";

import { Icon } from "../../lib/Icon.tsx";
import { disconnect, titleOf } from "../actions/edit.ts";
import { stepIdOf } from "../groups/view.ts";
import { isActive } from "../../run/status.ts";
import { useWireMark } from "../history/pastStore.ts";
import { useDoc } from "../state/doc.ts";
import { stepOf, useRun } from "../state/run.ts";
import { setUi, useUi } from "../state/ui.ts";
import { WireSign } from "./DiffBadge.tsx";
import { hue } from "./family.ts";
import type { WireFlowEdge } from "./flow.ts";

/** A wire, in its type's hue, with a button in its middle to take it away. */
export const Wire = memo(function Wire(props: EdgeProps<WireFlowEdge>) {
  const {
    id,
    source,
    target,
    sourceX,
    sourceY,
    targetX,
    targetY,
    sourcePosition,
    targetPosition,
    data,
    selected,
  } = props;
  const [path, x, y] = getBezierPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition });
  const hovered = useUi((ui) => ui.hoverEdge === id);
  const receiving = useUi((ui) => ui.intoEdge === id);
  const moving = useUi((ui) => ui.wire !== null && ui.wire.moving !== null && ui.wire.moving === data?.edge);
  const mark = useWireMark(id);
  const editable = useDoc((doc) => doc.editable);
  const carrying = useRun((state) => {
    const to = stepOf(state, stepIdOf(target) ?? "");
    return to !== undefined && isActive(to.status);
  });
  const passed = useRun((state) => stepOf(state, stepIdOf(source) ?? "")?.status === "Skipped");
  if (!data) return null;
  const { edge, family } = data;
  const open = editable && !data.inner && (hovered || selected);
  return (
    <>
      <g
        className={`wire${moving ? " is-moving" : ""}${receiving ? " is-receiving" : ""}${selected ? " is-selected" : ""}${hovered ? " is-hovered" : ""}${passed ? " is-passed-over" : ""}${mark ? ` is-diff-${mark}` : ""}`}
        style={{ "--hue": hue(family) }}
      >
        <BaseEdge path={path} interactionWidth={20} />
        {carrying && <circle className="wire__dot" r="3" style={{ offsetPath: `path("${path}")` }} />}
      </g>
      <WireSign id={id} x={x} y={y} />
      {open && (
        <EdgeLabelRenderer>
          <button
            type="button"
            className="wire__delete nodrag nopan"
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
            aria-label={`Delete the wire from ${titleOf(edge.source === "$inputs" ? edge.output : edge.source)} to ${titleOf(edge.target)} › ${edge.input}`}
            title="Delete wire"
            onMouseEnter={() => setUi({ hoverEdge: id })}
            onMouseLeave={() => setUi({ hoverEdge: null })}
            onClick={() => disconnect([edge])}
          >
            <Icon name="trash-2" size={12} />
          </button>
        </EdgeLabelRenderer>
      )}
    </>
  );
});
