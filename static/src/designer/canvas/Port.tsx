import { Handle, Position } from "@xyflow/react";
import { memo } from "react";

import { edgeKey } from "../../graph/types.ts";
import { app } from "../app.ts";
import { openPortMenu } from "../menu/portMenu.ts";
import { hideCard, hideCardSoon, showCardSoon } from "../data/portCard.ts";
import { useDoc } from "../state/doc.ts";
import { useProblems } from "../state/problems.ts";
import type { Side } from "../state/ui.ts";
import { portKey, useUi } from "../state/ui.ts";
import { familyOf } from "./family.ts";
import { PortShape } from "./PortShape.tsx";

interface Props {
  node: string;
  name: string;
  label: string;
  type: string;
  side: Side;
  top: number;
  optional?: boolean;
  /** Whether something is wired to it, where the document does not say: within an open group. */
  wired?: boolean | undefined;
}

/** One port: where wires are drawn from and to. */
export const Port = memo(function Port({
  node,
  name,
  label,
  type,
  side,
  top,
  optional = false,
  wired: given,
}: Props) {
  const verdict = useUi(
    (ui) => ui.wire?.verdicts.get(portKey({ node, port: name, side })) ?? (ui.wire ? "none" : ""),
  );
  const wired = useDoc((doc) => given ?? (side === "in" && edgeKey(node, name) in doc.document.edges));
  const missing = useProblems(
    (state) =>
      side === "in" &&
      (state.byNode[node]?.some((each) => each.field === name && each.code === "missing_input") ?? false),
  );
  const family = familyOf(type);
  const word = app().catalog.labels[type] ?? type;
  const state = [missing && "needs a wire", optional && "optional"].filter(Boolean).join(", ");
  return (
    <Handle
      id={name}
      type={side === "in" ? "target" : "source"}
      position={side === "in" ? Position.Left : Position.Right}
      className={`port port--${family}${missing ? " port--missing" : ""}${wired ? " port--wired" : ""}`}
      style={{ top }}
      role="img"
      aria-label={`${side === "in" ? "Input" : "Output"}, ${word}: ${label}${state && ` (${state})`}`}
      data-testid={`port-${node}-${side}-${name}`}
      data-verdict={verdict || undefined}
      onPointerEnter={(event) => {
        const { left, top: y, width, height } = event.currentTarget.getBoundingClientRect();
        const at = { x: left + width / 2, y: y + height / 2 };
        showCardSoon({ end: { node, port: name, side }, label, type, state, at });
      }}
      onPointerLeave={hideCardSoon}
      onContextMenu={(event) => {
        if (given !== undefined) return;
        event.preventDefault();
        event.stopPropagation();
        hideCard();
        openPortMenu(
          { node, port: name, side },
          { name, label, type },
          { x: event.clientX, y: event.clientY },
        );
      }}
    >
      <PortShape family={family} optional={optional && !wired} />
    </Handle>
  );
});
