import { Handle, Position } from "@xyflow/react";
import { memo } from "react";

import { portY } from "../../graph/geometry.ts";
import type { GraphNode } from "../../graph/types.ts";
import { AFTER, handlesOut } from "../actions/order.ts";
import type { Side } from "../state/ui.ts";
import { portKey, useUi } from "../state/ui.ts";

/** Where order edges come in, at the head, and go out, at the foot; seen only when the node is pointed at, selected, or may be joined. */
export const OrderHandles = memo(function OrderHandles({ id, node }: { id: string; node: GraphNode }) {
  if (node.kind === "data") return null;
  return (
    <>
      <OrderHandle node={id} port={AFTER} side="in" label="Runs after" />
      {handlesOut(node).map((port, row) => (
        <OrderHandle
          key={port}
          node={id}
          port={port}
          side="out"
          label={port === "$then" ? "What runs after it" : `What runs when it is ${port.slice(1)}`}
          row={port === "$then" ? null : row}
        />
      ))}
    </>
  );
});

interface Props {
  node: string;
  port: string;
  side: Side;
  label: string;
  /** Of a way out of a branch: its row. */
  row?: number | null;
}

function OrderHandle({ node, port, side, label, row = null }: Props) {
  const verdict = useUi(
    (ui) => ui.wire?.verdicts.get(portKey({ node, port, side })) ?? (ui.wire ? "none" : ""),
  );
  return (
    <Handle
      id={port}
      type={side === "in" ? "target" : "source"}
      position={side === "in" ? Position.Top : row === null ? Position.Bottom : Position.Right}
      className={`order-handle${row === null ? "" : ` order-handle--way order-handle--${port.slice(1)}`}`}
      style={row === null ? undefined : { top: portY(row) }}
      role="img"
      aria-label={label}
      title={`${label}: drag to a step`}
      data-testid={`order-${node}-${port.slice(1)}`}
      data-verdict={verdict || undefined}
    />
  );
}
