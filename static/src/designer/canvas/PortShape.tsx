import type { Family } from "./family.ts";
import { SHAPES } from "./family.ts";

/** The outline of a port's family in a 10 px box: square, notched square, diamond, circle. */
export function PortShape({ family, optional = false }: { family: Family; optional?: boolean }) {
  return (
    <svg className="port__shape" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
      <path d={SHAPES[family]} strokeDasharray={optional ? "2 1.4" : undefined} />
    </svg>
  );
}
