import type { Family } from "./family.ts";

/** The outline of a port's family in a 10 px box: square, notched square, diamond, circle. */
export function PortShape({ family, optional = false }: { family: Family; optional?: boolean }) {
  return (
    <svg className="port__shape" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
      <path d={PATHS[family]} strokeDasharray={optional ? "2 1.4" : undefined} />
    </svg>
  );
}

const PATHS: Readonly<Record<Family, string>> = {
  table: "M1 1h8v8H1z",
  file: "M1 1h5l3 3v5H1z",
  folder: "M1 2.5h3l1.2 1.5H9v5H1z",
  model: "M5 .3 9.7 5 5 9.7.3 5z",
  scalar: "M5 .8a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4z",
};
