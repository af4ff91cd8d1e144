import { ViewportPortal, useStore } from "@xyflow/react";

import type { Guide } from "../../graph/guides.ts";
import { useUi } from "../state/ui.ts";

const OVERHANG = 12;

/** The lines that what is dragged is drawn to. */
export function Guides() {
  const guides = useUi((ui) => ui.guides);
  return guides && <Lines guides={guides} />;
}

function Lines({ guides }: { guides: readonly Guide[] }) {
  const zoom = useStore((state) => state.transform[2]);
  return (
    <ViewportPortal>
      <svg className="guides" aria-hidden="true" data-testid="guides">
        {guides.map(({ axis, at, from, to }) => {
          const ends = { from: from - OVERHANG, to: to + OVERHANG };
          return (
            <line
              key={`${axis} ${at}`}
              {...(axis === "x"
                ? { x1: at, x2: at, y1: ends.from, y2: ends.to }
                : { x1: ends.from, x2: ends.to, y1: at, y2: at })}
              strokeWidth={1 / zoom}
            />
          );
        })}
      </svg>
    </ViewportPortal>
  );
}
