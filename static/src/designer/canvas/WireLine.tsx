import type { ConnectionLineComponentProps } from "@xyflow/react";
import { EdgeLabelRenderer, Position, getBezierPath } from "@xyflow/react";

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
  const [path] = getBezierPath({
    sourceX: start.x,
    sourceY: start.y,
    sourcePosition: out ? Position.Right : Position.Left,
    targetX: at.x,
    targetY: at.y,
    targetPosition: out ? Position.Left : Position.Right,
  });
  return (
    <>
      <path
        className={`wire-line wire-line--${at.verdict ?? "free"}`}
        d={path}
        style={{ "--hue": hue(familyOf(typeOf(wire.from))) }}
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
