import { Position, getSmoothStepPath } from "@xyflow/react";

interface Ends {
  readonly sourceX: number;
  readonly sourceY: number;
  readonly sourcePosition: Position;
  readonly targetX: number;
  readonly targetY: number;
  readonly targetPosition: Position;
}

const OFFSET = 22;

/** An order edge, from foot to head, and where its label stands. */
export function orderPath(ends: Ends): { path: string; x: number; y: number } {
  const [path, middleX, middleY] = getSmoothStepPath({ ...ends, borderRadius: 12, offset: OFFSET });
  const { sourceX, sourceY, sourcePosition, targetX, targetY } = ends;
  // Out of a branch the label stands beside its way; where the line leads around, above the target: there is room.
  if (sourcePosition === Position.Right) return { path, x: sourceX + 42, y: sourceY };
  const around = targetY < sourceY + 2 * OFFSET && Math.abs(targetX - middleX) > 40;
  return around
    ? { path, x: (middleX + targetX) / 2, y: targetY - OFFSET }
    : { path, x: middleX, y: middleY };
}
