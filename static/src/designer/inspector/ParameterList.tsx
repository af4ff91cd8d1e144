import { useMemo, useState } from "react";

import type { GraphNode, InputPort } from "../../graph/types.ts";
import { search } from "../../lib/fuzzy.ts";
import { plural } from "../../lib/format.ts";
import { useUi } from "../state/ui.ts";
import { Field } from "./Field.tsx";

/** With fewer, one sees them all. */
const SEARCH_FROM = 8;

interface Props {
  node: GraphNode;
  ports: readonly InputPort[];
  looped: ReadonlySet<string>;
}

/** A component's parameters under their headings; of many, those that one searches for, or those that were changed. */
export function ParameterList({ node, ports, looped }: Props) {
  const [query, setQuery] = useState("");
  const [changed, setChanged] = useState(false);
  // A field that a problem names is shown, whatever was searched for.
  const asked = useUi((ui) => (ui.field?.node === node.id ? ui.field : null));
  const [seen, setSeen] = useState(asked);
  if (seen !== asked) {
    setSeen(asked);
    setQuery("");
    setChanged(false);
  }
  const found = useMemo(
    () =>
      search(query, ports, (port) => [
        port.label,
        port.name,
        `${port.group ?? ""} ${port.description}`,
      ]).filter((port) => !changed || port.name in node.params),
    [query, ports, changed, node.params],
  );
  const groups = useMemo(() => grouped(query ? found : inOrder(ports, found)), [ports, found, query]);
  const first = found[0];
  return (
    <>
      {ports.length >= SEARCH_FROM && (
        <div className="parameter-search">
          <input
            type="search"
            className="text-input"
            aria-label="Search parameters"
            placeholder={`Search ${ports.length} parameters…`}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
          <label>
            <input type="checkbox" checked={changed} onChange={(event) => setChanged(event.target.checked)} />
            Changed only
          </label>
          <span className="sr-only" role="status">
            {(query || changed) && plural(found.length, "parameter")}
          </span>
        </div>
      )}
      {groups.map(([group, members]) => (
        <div
          key={group}
          className="parameter-group"
          role={group ? "group" : undefined}
          aria-label={group || undefined}
        >
          {group && <h3>{group}</h3>}
          {members.map((port) => (
            <Field
              key={port.name}
              node={node}
              port={port}
              first={port === first}
              looped={looped.has(port.name)}
            />
          ))}
        </div>
      ))}
      {found.length === 0 && (
        <p className="param__help">
          {changed && !query ? "All are as the component has them." : "No parameter is called so."}
        </p>
      )}
    </>
  );
}

const inOrder = (ports: readonly InputPort[], found: readonly InputPort[]): InputPort[] => {
  const wanted = new Set(found);
  return ports.filter((port) => wanted.has(port));
};

/** Those without a heading come first, then each heading where its first parameter stands. */
function grouped(ports: readonly InputPort[]): [string, InputPort[]][] {
  const groups = new Map<string, InputPort[]>([["", []]]);
  for (const port of ports) {
    const group = port.group ?? "";
    groups.set(group, [...(groups.get(group) ?? []), port]);
  }
  return [...groups].filter(([, members]) => members.length > 0);
}
