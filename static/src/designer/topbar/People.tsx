import { usePresence } from "../state/presence.ts";

/** Who else has this pipeline open. */
export function People() {
  const peers = usePresence((state) => state.peers);
  const people = [...new Map(Object.values(peers).map(({ user }) => [user.id, user])).values()];
  if (people.length === 0) return null;
  return (
    <ul className="people" aria-label="Also here">
      {people.slice(0, 5).map((user) => (
        <li key={user.id} style={{ "--peer": user.color }} title={`${user.name} is here`}>
          <span aria-hidden="true">{initials(user.name)}</span>
          <span className="sr-only">{user.name}</span>
        </li>
      ))}
      {people.length > 5 && <li className="people__more">+{people.length - 5}</li>}
    </ul>
  );
}

const initials = (name: string): string =>
  name
    .split(/[\s._-]+/)
    .slice(0, 2)
    .map((part) => part.charAt(0).toUpperCase())
    .join("");
