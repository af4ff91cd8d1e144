import type { KeyboardEvent } from "react";
import { useEffect, useMemo, useRef } from "react";

import { neighbours, topological } from "../../graph/order.ts";
import { splitRef } from "../../graph/ports.ts";
import { nameOf } from "../../graph/connection.ts";
import { membersOf } from "../../graph/annotating.ts";
import type { Document, GraphNode } from "../../graph/types.ts";
import { noteIdOf, noteNodeId, sectionIdOf, sectionNodeId } from "../../graph/types.ts";
import { StatusGlyph } from "../../run/StatusGlyph.tsx";
import { removeSelected, titleOf } from "../actions/edit.ts";
import { showNode } from "../actions/focus.ts";
import { startConnecting } from "../actions/open.ts";
import { openNodeMenu } from "../menu/nodeMenu.ts";
import { useDoc } from "../state/doc.ts";
import { NONE, useProblems } from "../state/problems.ts";
import { loopWords } from "../canvas/loopWords.ts";
import { ruleWords } from "../canvas/ruleWords.ts";
import { collapse, expand, isGroup, nodeAt } from "../groups/expand.ts";
import { useGraphs } from "../groups/graphs.ts";
import { stepOf, useRun } from "../state/run.ts";
import { select, setUi, uiStore, useUi } from "../state/ui.ts";

/** The graph as a table, in the order in which steps can run: works with no canvas at all. */
export function Outline() {
  const document_ = useDoc((doc) => doc.document);
  const editable = useDoc((doc) => doc.editable);
  const expanded = useUi((ui) => ui.expanded);
  const graphs = useGraphs((state) => state.graphs);
  const ids = useMemo(
    () => [...rowsOf(document_, "", expanded, graphs), ...annotationsOf(document_)],
    [document_, expanded, graphs],
  );
  const current = useUi((ui) => ui.current);
  const entry = current !== null && ids.includes(current) ? current : ids[0];
  const body = useRef<HTMLTableSectionElement>(null);
  const within = useRef(false);

  useEffect(() => {
    if (within.current) body.current?.querySelector<HTMLElement>('tr[tabindex="0"]')?.focus();
  }, [entry]);

  const go = (id: string | undefined) => {
    if (id === undefined) return;
    within.current = true;
    select([id]);
    showNode(id);
  };
  const onKeyDown = (event: KeyboardEvent, id: string) => {
    const at = ids.indexOf(id);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: ids.length - 1 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (to !== undefined) go(ids[to]);
    else if (event.key === "Enter") {
      go(id);
      setUi({ inspector: true });
      setTimeout(() => document.querySelector<HTMLElement>(".inspector [data-first-field]")?.focus());
    } else if (event.key === " ") {
      const next = new Set(uiStore.getState().selection);
      if (!next.delete(id)) next.add(id);
      select(next);
    } else if (event.key === "ArrowRight" && isGroup(nodeAt(id)?.node)) void expand(id);
    else if (event.key === "ArrowLeft" && expanded.has(id)) collapse(id);
    else if (event.key === "o" && editable && id in document_.nodes)
      setUi({ ordering: { node: id, side: "in" } });
    else if (event.key === "c" && editable && id in document_.nodes) startConnecting(id);
    else if (event.key === "Delete" && editable) {
      if (!uiStore.getState().selection.has(id)) select([id]);
      removeSelected();
    } else if (event.key === "F2" && editable) {
      go(id);
      setUi({ inspector: true });
      setTimeout(() => document.querySelector<HTMLInputElement>(".inspector__title")?.select());
    } else if (event.key === "m" || event.key === "ContextMenu") {
      const box = event.currentTarget.getBoundingClientRect();
      openNodeMenu(id, { x: box.left + 24, y: box.bottom });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  if (ids.length === 0)
    return <p className="drawer__empty">There is nothing on the canvas yet. Press / to add a component.</p>;
  return (
    <table className="outline" role="treegrid" aria-label="Outline">
      <thead>
        <tr>
          <th scope="col">Node</th>
          <th scope="col">Component</th>
          <th scope="col">Inputs from</th>
          <th scope="col">Outputs to</th>
          <th scope="col">Status</th>
          <th scope="col">Problems</th>
        </tr>
      </thead>
      <tbody
        ref={body}
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) within.current = false;
        }}
      >
        {ids.map((id, index) => (
          <Row
            key={id}
            id={id}
            index={index}
            document={document_}
            entry={id === entry}
            onGo={go}
            onKeyDown={onKeyDown}
          />
        ))}
      </tbody>
    </table>
  );
}

/** Groups and notes, after all that runs. */
const annotationsOf = (graph: Document): string[] => [
  ...Object.keys(graph.sections ?? {}).map(sectionNodeId),
  ...Object.keys(graph.notes ?? {}).map(noteNodeId),
];

/** What a row without a node is. */
function kindOf(graph: Document, id: string): string {
  const section = sectionIdOf(id);
  if (section === null) return noteIdOf(id) === null ? "pipeline input" : "note";
  const names = membersOf(graph, section).map((member) => nameOf(graph, member));
  return `group of ${names.join(", ") || "nothing"}`;
}

/** Everything in the order in which it can run; what is in an open group follows the group. */
function rowsOf(
  graph: Document,
  prefix: string,
  expanded: ReadonlySet<string>,
  graphs: Readonly<Record<string, Document>>,
): string[] {
  return topological(graph).flatMap((id) => {
    const node = graph.nodes[id];
    if (!node) return prefix === "" ? [id] : [];
    const inner = node.kind === "component" && expanded.has(prefix + id) ? graphs[node.component] : undefined;
    return [prefix + id, ...(inner ? rowsOf(inner, `${prefix}${id}.`, expanded, graphs) : [])];
  });
}

/** "split_data, for each of 12, always runs". */
function whatIs(node: GraphNode): string {
  if (node.kind === "data") return `data ${node.asset}`;
  const what = node.kind === "branch" ? ruleWords(node.branch) : splitRef(node.component).name;
  const loop = node.kind === "component" && node.loop ? loopWords(node.loop) : "";
  const mode = node.kind === "component" ? node.mode : undefined;
  return [what, mode, loop, node.settings.final ? "always runs" : ""].filter(Boolean).join(", ");
}

interface RowProps {
  id: string;
  index: number;
  document: Document;
  entry: boolean;
  onGo: (id: string) => void;
  onKeyDown: (event: KeyboardEvent, id: string) => void;
}

function Row({ id, index, document: pipeline, entry, onGo, onKeyDown }: RowProps) {
  const selected = useUi((ui) => ui.selection.has(id));
  const step = useRun((state) => stepOf(state, id));
  const problems = useProblems((state) => state.byNode[id] ?? NONE);
  const found = nodeAt(id);
  const node = found?.node;
  const graph = found?.graph ?? pipeline;
  const own = id.startsWith("$") ? id : id.slice(id.lastIndexOf(".") + 1);
  const { before, after } = neighbours(graph, own);
  const name = (each: string) => nameOf(graph, each);
  const open = useUi((ui) => ui.expanded.has(id));
  return (
    <tr
      tabIndex={entry ? 0 : -1}
      aria-level={id.startsWith("$") ? 1 : id.split(".").length}
      aria-expanded={isGroup(node) ? open : undefined}
      aria-posinset={index + 1}
      aria-selected={selected}
      data-testid={`outline-${id}`}
      onClick={() => onGo(id)}
      onKeyDown={(event) => onKeyDown(event, id)}
    >
      <th scope="row" style={{ "--level": id.startsWith("$") ? 0 : id.split(".").length - 1 }}>
        {node?.title ?? titleOf(id)}
      </th>
      <td>{node ? whatIs(node) : kindOf(pipeline, id)}</td>
      <td>{before.map(name).join(", ") || "–"}</td>
      <td>{after.map(name).join(", ") || "–"}</td>
      <td>{step ? <StatusGlyph status={step.status} reused={step.reused} size={14} /> : "–"}</td>
      <td>{problems.length > 0 ? problems.map((problem) => problem.message).join(" ") : "–"}</td>
    </tr>
  );
}
