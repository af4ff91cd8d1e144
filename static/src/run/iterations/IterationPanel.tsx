import { useEffect, useState } from "react";

import { formatNumber, formatValue } from "../format";
import { Icon } from "../Icon";
import { Note } from "../parts";
import { isEnded } from "../status";
import { StatusGlyph } from "../StatusGlyph";
import { ownLabel } from "./columns";
import { LoadedStep } from "./LoadedStep";
import type { Iteration, LoopKind, RunSocket } from "../types";

interface Props {
  api: string;
  ws: string;
  runId: number;
  /** The loop. */
  node: string;
  kind: LoopKind;
  row: Iteration;
  /** In the order in which the table shows them. */
  rows: readonly Iteration[];
  best: boolean;
  metric: string | null;
  labels: Readonly<Record<string, string>>;
  /** What people call the nodes of the body. */
  titles: Readonly<Record<string, string>>;
  socket: RunSocket | undefined;
  onOpen: (index: number | null) => void;
  /** Something about the row is told only when it is asked for again. */
  onStale: () => void;
}

/** One iteration in full: what it was given, and its steps with their outputs, logs and facts. */
export function IterationPanel(props: Props) {
  const { node, kind, row, rows, best, metric, titles, onOpen, onStale } = props;
  const base = `${node}[${row.index}]`;
  const all = Object.keys(row.nodes);
  // Of a body that is a group, its steps: the group itself runs nothing.
  const nodes = all.length > 1 ? all.filter((each) => each !== base) : all;
  const [picked, setPicked] = useState<string | null>(null);
  const chosen = picked !== null && nodes.includes(picked) ? picked : (firstOf(nodes, row) ?? base);
  const at = rows.findIndex((each) => each.index === row.index);
  const word = kind === "sweep" ? "Trial" : "Iteration";

  // Events tell of the iteration, not of which steps it has nor why it failed.
  const ended = isEnded(row.status);
  const stale = ended && (nodes.length === 0 || (row.status === "Failed" && row.message === ""));
  const [asked, setAsked] = useState("");
  const version = `${row.index} ${row.status}`;
  useEffect(() => {
    if ((!stale && nodes.length > 0) || asked === version) return;
    // eslint-disable-next-line react-hooks/set-state-in-effect -- remembers what was asked for, so that it is asked once
    setAsked(version);
    onStale();
  }, [stale, nodes.length, asked, version, onStale]);

  const values = Object.entries(row.values);
  return (
    <div className="iteration">
      <header className="iteration-bar">
        <button type="button" className="run-button plain" onClick={() => onOpen(null)}>
          <Icon name="arrow-left" /> All
        </button>
        <h3>
          {word} {row.index}
          {ownLabel(row) !== "" && <span className="muted"> {ownLabel(row)}</span>}
        </h3>
        {best && (
          <span className="run-chip iteration-best">
            <Icon name="star" /> best
          </span>
        )}
        <span className="iteration-steps">
          <Move
            to={rows[at - 1]}
            label={`Previous ${word.toLowerCase()}`}
            icon="chevron-up"
            onOpen={onOpen}
          />
          <Move to={rows[at + 1]} label={`Next ${word.toLowerCase()}`} icon="chevron-down" onOpen={onOpen} />
        </span>
      </header>
      {(values.length > 0 || row.metric !== null) && (
        <dl className="iteration-values">
          {row.metric !== null && (
            <div>
              <dt>{metric ?? "metric"}</dt>
              <dd>
                <strong>{formatNumber(row.metric, 5)}</strong>
              </dd>
            </div>
          )}
          {values.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd title={formatValue(value)}>{formatValue(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {nodes.length > 1 && (
        <ul className="iteration-nodes" aria-label="Steps">
          {nodes.map((each) => (
            <li key={each}>
              <button type="button" aria-pressed={each === chosen} onClick={() => setPicked(each)}>
                <StatusGlyph status={row.nodes[each]!} size={14} word={false} />
                {titles[innerName(each, base)] ?? innerName(each, base)}
              </button>
            </li>
          ))}
        </ul>
      )}
      {row.status === "NotStarted" || (ended && nodes.length === 0 && row.status === "Skipped") ? (
        <Note icon="clock" title={ended ? "It did not run" : "Not started yet"}>
          {row.message || "Its steps show here as soon as they exist."}
        </Note>
      ) : (
        <LoadedStep
          key={chosen}
          {...props}
          node={chosen}
          version={`${row.nodes[chosen] ?? ""} ${row.status}`}
        />
      )}
    </div>
  );
}

/** The step that people want to see: a failed one, else one that runs, else the last. */
function firstOf(nodes: readonly string[], row: Iteration): string | null {
  const by = (status: string) => nodes.find((node) => row.nodes[node] === status);
  return by("Failed") ?? by("Running") ?? nodes.at(-1) ?? null;
}

const innerName = (node: string, base: string): string =>
  node.startsWith(`${base}.`) ? node.slice(base.length + 1) : node;

function Move({
  to,
  label,
  icon,
  onOpen,
}: {
  to: Iteration | undefined;
  label: string;
  icon: string;
  onOpen: (index: number) => void;
}) {
  return (
    <button
      type="button"
      className="run-button plain"
      aria-label={label}
      title={label}
      disabled={!to}
      onClick={() => to && onOpen(to.index)}
    >
      <Icon name={icon} />
    </button>
  );
}
