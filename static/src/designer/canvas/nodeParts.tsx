/** Small things that nodes and frames show. */

import { splitRef } from "../../graph/ports.ts";
import type { Loop } from "../../graph/control.ts";
import type { GraphNode, Interface, Mode } from "../../graph/types.ts";
import { Icon } from "../../lib/Icon.tsx";
import type { LoopState } from "../../run/types.ts";
import { toggleGroup } from "../groups/expand.ts";
import { categoryHue } from "../palette/categories.ts";
import { familyOf, hue } from "./family.ts";
import { loopIcon, loopProgress, loopWord, loopWords } from "./loopWords.ts";
import { ruleWords } from "./ruleWords.ts";

const DATA_ICONS: Readonly<Record<string, string>> = {
  mltable: "table-2",
  uri_folder: "folder",
  uri_file: "file-spreadsheet",
};

export function iconOf(node: GraphNode, face: Interface | undefined): string {
  if (node.kind === "data") return DATA_ICONS[node.type] ?? "package";
  if (node.kind === "branch") return "split";
  return face ? face.icon : "puzzle";
}

export function tileHue(node: GraphNode, face: Interface | undefined): string {
  if (node.kind === "data") return hue(familyOf(node.type));
  return categoryHue(node.kind === "branch" ? "Control flow" : (face?.category ?? ""));
}

/** What a node is, below its title. */
export function SubLine({ node }: { node: GraphNode }) {
  if (node.kind === "branch") return <span className="step-node__rule">{ruleWords(node.branch)}</span>;
  const { name, version } = splitRef(node.kind === "data" ? node.asset : node.component);
  return (
    <>
      {node.kind === "data" && "data · "}
      {name} · v{version}
    </>
  );
}

/** One of the two ways out of a branch. */
export function Way({ row }: { row: number }) {
  const way = row === 0 ? "True" : "False";
  return <span className={`step-node__way step-node__way--${way.toLowerCase()}`}>{way}</span>;
}

export function FinalMark() {
  return (
    <span className="step-node__final" title="Runs at the end, whatever happens">
      <Icon name="flag" size={12} />
      <span>always runs</span>
    </span>
  );
}

/** That a node does not run: in words, beside how it looks. */
export function ModeMark({ mode }: { mode: Mode }) {
  const off = mode === "disabled";
  const title = off
    ? "Does not run, nor does what needs its outputs (D)"
    : "Does not run: its inputs go on as its outputs (B)";
  return (
    <span className="step-node__mode" title={title}>
      <Icon name={off ? "ban" : "redo-dot"} size={12} />
      {mode}
    </span>
  );
}

/** What a loop repeats; in a run, how far it is. */
export function LoopRow({ loop, state }: { loop: Loop; state: LoopState | null | undefined }) {
  return (
    <div className="step-node__loop" title={loopWords(loop)} data-testid="loop-badge">
      <Icon name={loopIcon(loop)} size={12} />
      <span className="step-node__loop-words">{state ? loopWord(loop) : loopWords(loop)}</span>
      {state && <span className="step-node__loop-counts">{loopProgress(state)}</span>}
    </div>
  );
}

export function OpenButton({ id, title, open }: { id: string; title: string; open: boolean }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      className="step-node__open nodrag nopan"
      aria-expanded={open}
      aria-label={`${open ? "Close" : "Open"} ${title}`}
      title={open ? "Close it (E)" : "Look inside (E)"}
      data-testid={`open-${id}`}
      onClick={(event) => {
        event.stopPropagation();
        toggleGroup(id);
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      <Icon name={open ? "chevron-up" : "maximize"} size={14} />
    </button>
  );
}
