/** Who else is here, where they point and what they have selected. */

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

import type { Person } from "../protocol/messages.ts";

export interface Peer {
  readonly client: string;
  readonly user: Person;
  readonly cursor: readonly [number, number] | null;
  readonly selection: readonly string[];
  readonly field: string | null;
}

export interface PresenceState {
  readonly peers: Readonly<Record<string, Peer>>;
  /** Who has selected a node. */
  readonly byNode: Readonly<Record<string, Person>>;
}

export const presenceStore = createStore<PresenceState>(() => ({ peers: {}, byNode: {} }));
export const usePresence = <T>(select: (state: PresenceState) => T): T => useStore(presenceStore, select);

function put(peers: Record<string, Peer>): void {
  const before = presenceStore.getState().byNode;
  const byNode: Record<string, Person> = {};
  for (const peer of Object.values(peers)) for (const id of peer.selection) byNode[id] = peer.user;
  const ids = Object.keys(byNode);
  const same =
    ids.length === Object.keys(before).length && ids.every((id) => before[id]?.id === byNode[id]!.id);
  presenceStore.setState({ peers, byNode: same ? before : byNode });
}

export const setPeople = (people: readonly { client: string; user: Person }[], own: string): void => {
  const before = presenceStore.getState().peers;
  const others = people.filter((each) => each.client !== own);
  put(
    Object.fromEntries(
      others.map(({ client, user }) => [
        client,
        before[client] ?? { client, user, cursor: null, selection: [], field: null },
      ]),
    ),
  );
};

export const setPeer = (peer: Peer): void => put({ ...presenceStore.getState().peers, [peer.client]: peer });

export function dropPeer(client: string): void {
  const rest = { ...presenceStore.getState().peers };
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a table by client
  delete rest[client];
  put(rest);
}
