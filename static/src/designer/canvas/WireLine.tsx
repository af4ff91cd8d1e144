import type { ConnectionLineComponentProps } from "@xyflow/react";
import { EdgeLabelRenderer, Position, getBezierPath, getSmoothStepPath } from "@xyflow/react";

import { isOrderEnd } from "../actions/order.ts";
import { landing, portPlace, typeOf } from "../actions/wire.ts";
import { useUi } from "../state/ui.ts";
import { familyOf, hue } from "./family.ts";
import type { CardNode } from "./flow.ts";

/** The wire in hand, snapped to what it would be joined to, with the reason beside it where it cannot be. */
export function WireLine({ fromX, fromY, toX, toY }: ConnectionLineComponentProps<CardNode>) {
  const wire = useUi((ui) => ui.wire);
  if (!wire) return null;
  const at = landing(toX, toY, wire);
  const out = wire.from.side === "out";
  const start = portPlace(wire.from) ?? { x: fromX, y: fromY };
  const order = isOrderEnd(wire.from);
  const way = wire.from.port === "$true" || wire.from.port === "$false";
  const [leaving, arriving] = !order
    ? ([Position.Right, Position.Left] as const)
    : ([way ? Position.Right : Position.Bottom, Position.Top] as const);
  const ends = {
    sourceX: start.x,
    sourceY: start.y,
    sourcePosition: out ? leaving : arriving,
    targetX: at.x,
    targetY: at.y,
    targetPosition: out ? arriving : leaving,
  };
  const [path] = order ? getSmoothStepPath({ ...ends, borderRadius: 12, offset: 22 }) : getBezierPath(ends);
  return (
    <>
      <path
        className={`wire-line wire-line--${at.verdict ?? "free"}${order ? " wire-line--order" : ""}`}
        d={path}
        style={{ "--hue": order ? "var(--accent)" : hue(familyOf(typeOf(wire.from))) }}
      />
      {at.verdict !== null && at.verdict !== "no" && (
        <circle className="wire-line__end" cx={at.x} cy={at.y} r="9" />
      )}
      {at.reason && (
        <EdgeLabelRenderer>
          <div
            className={`reason-chip reason-chip--${at.verdict ?? "no"}`}
            style={{ transform: `translate(${toX + 14}px, ${toY + 14}px)` }}
            data-testid="reason-chip"
          >
            {at.reason}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
}
