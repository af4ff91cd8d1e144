import type { MiniMapNodeProps } from "@xyflow/react";
import { MiniMap } from "@xyflow/react";
import { memo } from "react";

import { statusLook, toneColor } from "../../run/status.ts";
import { currentView } from "../groups/view.ts";
import { noteIdOf, sectionIdOf } from "../../graph/types.ts";
import { TINTS } from "../sections/tints.ts";
import { docStore } from "../state/doc.ts";
import { stepOf, useRun } from "../state/run.ts";
import type { CardNode } from "./flow.ts";

/** With fewer nodes the canvas itself is the map. */
const FROM = 12;

/** Where one is: nodes in their status's colour, no wires. */
export function Map({ nodes }: { nodes: readonly CardNode[] }) {
  if (nodes.length < FROM) return null;
  return (
    <MiniMap<CardNode>
      className="minimap"
      nodeComponent={MapNode}
      pannable
      zoomable
      ariaLabel="Overview map"
      maskColor="var(--map-mask)"
      bgColor="var(--surface-card)"
      offsetScale={4}
    />
  );
}

const MapNode = memo(function MapNode({ id, x, y, width, height, selected }: MiniMapNodeProps) {
  const status = useRun((state) => stepOf(state, id)?.status);
  const frame = currentView().frames.has(id);
  const { notes, sections } = docStore.getState().document;
  const part = sections?.[sectionIdOf(id) ?? ""] ?? notes?.[noteIdOf(id) ?? ""];
  if (part)
    return (
      <rect
        className={`minimap__part${selected ? " is-selected" : ""}`}
        {...{ x, y, width, height, rx: 12 }}
        fill={TINTS[part.color]}
        stroke={TINTS[part.color]}
      />
    );
  const fill = frame ? "none" : status ? toneColor(statusLook(status).tone) : "var(--border-strong)";
  return (
    <rect
      className={`minimap__node${selected ? " is-selected" : ""}${frame ? " is-frame" : ""}`}
      x={x}
      y={y}
      width={width}
      height={height}
      rx={6}
      fill={fill}
    />
  );
});
