import "./json-tree.css";

import { useState } from "react";

import { formatCount } from "../format";
import { Icon } from "../Icon";

/** Members shown at once; a list of a million is opened page by page. */
const PAGE = 100;

/** A JSON value as a tree that opens and closes; every branch is a button. */
export function JsonTree({ value, label }: { value: unknown; label: string }) {
  return (
    <div className="json-tree" role="group" aria-label={label}>
      <Members value={value} depth={0} />
    </div>
  );
}

const isBranch = (value: unknown): value is object => typeof value === "object" && value !== null;

function Members({ value, depth }: { value: unknown; depth: number }) {
  const [pages, setPages] = useState(1);
  if (!isBranch(value)) return <Leaf value={value} />;
  const entries = Object.entries(value) as [string, unknown][];
  const left = entries.length - pages * PAGE;
  return (
    <ul>
      {entries.slice(0, pages * PAGE).map(([name, member]) => (
        <Member key={name} name={name} value={member} depth={depth} />
      ))}
      {entries.length === 0 && <li className="muted json-leaf">{Array.isArray(value) ? "[ ]" : "{ }"}</li>}
      {left > 0 && (
        <li>
          <button type="button" className="json-more" onClick={() => setPages(pages + 1)}>
            Show {formatCount(Math.min(PAGE, left))} more of {formatCount(left)}
          </button>
        </li>
      )}
    </ul>
  );
}

function Member({ name, value, depth }: { name: string; value: unknown; depth: number }) {
  const [open, setOpen] = useState(depth < 1 && isBranch(value) && Object.keys(value).length <= 20);
  if (!isBranch(value) || Object.keys(value).length === 0)
    return (
      <li className="json-leaf">
        <span className="json-name">{name}</span>
        <Leaf value={value} />
      </li>
    );
  return (
    <li>
      <button type="button" className="json-branch" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="chevron-right" />
        <span className="json-name">{name}</span>
        <span className="muted">{summary(value)}</span>
      </button>
      {open && <Members value={value} depth={depth + 1} />}
    </li>
  );
}

function summary(value: object): string {
  if (!Array.isArray(value)) {
    const names = Object.keys(value);
    return `{ ${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""} }`;
  }
  const short = value.length <= 6 && value.every((item) => typeof item === "number");
  return short ? `[${value.join(", ")}]` : `[ ${formatCount(value.length)} ]`;
}

function Leaf({ value }: { value: unknown }) {
  if (isBranch(value)) return <span className="muted">{Array.isArray(value) ? "[ ]" : "{ }"}</span>;
  const kind = value === null || value === undefined ? "null" : typeof value;
  return (
    <span className="json-value" data-kind={kind}>
      {kind === "string" ? `"${value as string}"` : String(value)}
    </span>
  );
}
