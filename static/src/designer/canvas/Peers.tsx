import { ViewportPortal } from "@xyflow/react";

import { currentView } from "../groups/view.ts";
import { usePresence } from "../state/presence.ts";
import { useUi } from "../state/ui.ts";

/** The others' pointers, with their names. */
export function Peers() {
  const peers = usePresence((state) => state.peers);
  useUi((ui) => ui.expanded);
  const pointing = Object.values(peers).flatMap(({ client, user, cursor }) =>
    cursor ? [{ client, user, at: currentView().place({ x: cursor[0], y: cursor[1] }) }] : [],
  );
  if (pointing.length === 0) return null;
  return (
    <ViewportPortal>
      {pointing.map(({ client, user, at }) => (
        <div
          key={client}
          className="peer-cursor"
          style={{ "--peer": user.color, transform: `translate(${at.x}px, ${at.y}px)` }}
          aria-hidden="true"
        >
          <svg width="14" height="16" viewBox="0 0 14 16">
            <path d="M1 1l12 7-5.5 1.2L5 15z" />
          </svg>
          <span>{user.name}</span>
        </div>
      ))}
    </ViewportPortal>
  );
}
