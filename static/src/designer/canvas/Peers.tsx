import { ViewportPortal } from "@xyflow/react";

import { usePresence } from "../state/presence.ts";

/** The others' pointers, with their names. */
export function Peers() {
  const peers = usePresence((state) => state.peers);
  const pointing = Object.values(peers).filter((peer) => peer.cursor !== null);
  if (pointing.length === 0) return null;
  return (
    <ViewportPortal>
      {pointing.map(({ client, user, cursor }) => (
        <div
          key={client}
          className="peer-cursor"
          style={{ "--peer": user.color, transform: `translate(${cursor![0]}px, ${cursor![1]}px)` }}
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
