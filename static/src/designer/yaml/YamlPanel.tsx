import "./yaml.css";

import { useEffect, useRef, useState } from "react";

import { Icon } from "../../lib/Icon.tsx";
import { plural } from "../../lib/format.ts";
import { focusNode, showNode } from "../actions/focus.ts";
import { Resizer } from "../panels/Resizer.tsx";
import { docStore, useDoc } from "../state/doc.ts";
import { announce, onlySelected, select, setUi, uiStore, useUi } from "../state/ui.ts";
import YamlEditor from "./YamlEditor.tsx";
import { jobAt, jobPlaces } from "./jobs.ts";
import { wasAsked } from "./open.ts";
import type { Conflict, Fault } from "./yamlStore.ts";
import { applyMine, followDraft, isEdited, takeTheirs, typed, useYaml, yamlStore } from "./yamlStore.ts";

/**
 * The draft as Azure ML's YAML, beside the canvas: either changes the other.
 *
 * The text is applied when one asks for it, never by itself: a text that can be read is often not yet what is meant
 * (a name half typed is another name, and takes a node's wires with it), and everybody on the canvas would see it.
 */
export default function YamlPanel() {
  const width = useUi((ui) => ui.yamlWidth);
  const { base, mine, theirs, faults, warnings, conflicts, applying, error } = useYaml((state) => state);
  const editable = useDoc((doc) => doc.editable);
  const edited = useYaml(isEdited);
  const [asked] = useState(wasAsked);
  const { show, scrollTo, onCursor } = useBothWays();
  const job = useUi(onlySelected);
  useEffect(followDraft, []);
  const apply = () => void applyMine();
  const close = () => setUi({ yaml: false });
  return (
    <section className="yaml-panel" aria-label="YAML" style={{ width }} data-testid="yaml-panel">
      <Resizer
        side="left"
        value={width}
        least={320}
        most={960}
        label="Width of the YAML"
        onChange={(yamlWidth) => setUi({ yamlWidth })}
      />
      <header className="yaml-panel__header">
        <h2 title={base?.file}>{base?.file ?? "YAML"}</h2>
        <button type="button" className="btn-icon" aria-label="Copy the YAML" title="Copy" onClick={copy}>
          <Icon name="copy" />
        </button>
        <button
          type="button"
          className="btn-icon"
          aria-label="Download the YAML"
          title="Download"
          onClick={download}
        >
          <Icon name="download" />
        </button>
        <button
          type="button"
          className="btn-icon"
          aria-label="Hide the YAML"
          title="Hide (Y)"
          data-testid="yaml-close"
          onClick={close}
        >
          <Icon name="x" />
        </button>
      </header>
      {theirs && conflicts.length === 0 && (
        <div className="yaml-panel__bar" role="alert">
          <Icon name="git-compare" size={14} />
          <p>The canvas changed while you were typing. Applying keeps what others changed.</p>
        </div>
      )}
      {conflicts.length > 0 && <Conflicts conflicts={conflicts} disabled={!editable || applying} />}
      {base ? (
        <YamlEditor
          value={mine}
          faults={faults}
          warnings={warnings}
          readOnly={!editable}
          show={show}
          job={job}
          focus={asked}
          onChange={typed}
          onApply={apply}
          onLeave={leave}
          onCursor={onCursor}
        />
      ) : (
        <div className="yaml-editor" aria-busy="true" aria-label="Reading the YAML" />
      )}
      <Findings title="fault" icon="octagon-x" found={faults} onShow={scrollTo} />
      <Findings title="warning" icon="triangle-alert" found={warnings} onShow={scrollTo} />
      {base && base.losses.length > 0 && (
        <details className="yaml-panel__losses">
          <summary>Azure ML cannot express {plural(base.losses.length, "thing")} of this</summary>
          <ul>
            {base.losses.map((loss) => (
              <li key={loss}>{loss}</li>
            ))}
          </ul>
        </details>
      )}
      {error && (
        <p className="yaml-panel__error" role="alert">
          {error}
        </p>
      )}
      {editable && (
        <footer className="yaml-panel__footer">
          <span role="status">
            {edited ? (faults.length > 0 ? "To be mended first" : "Not applied yet") : "As on the canvas"}
          </span>
          <button type="button" className="btn" disabled={!edited || applying} onClick={takeTheirs}>
            Discard
          </button>
          <button
            type="button"
            className="btn btn--primary"
            disabled={!edited || applying || faults.length > 0 || conflicts.length > 0}
            title="Apply (Ctrl+Enter)"
            data-testid="yaml-apply"
            onClick={apply}
          >
            Apply
          </button>
        </footer>
      )}
    </section>
  );
}

/** What the text and the canvas both changed, to choose between. */
function Conflicts({ conflicts, disabled }: { conflicts: readonly Conflict[]; disabled: boolean }) {
  return (
    <div className="yaml-panel__bar" role="alert" data-testid="yaml-conflicts">
      <Icon name="git-compare" size={14} />
      <div>
        <p>Your text and the canvas both changed:</p>
        <ul>
          {conflicts.map(({ what, mine, theirs }) => (
            <li key={what}>
              {what}: <del>{theirs}</del> on the canvas, <ins>{mine}</ins> in your text
            </li>
          ))}
        </ul>
      </div>
      <button type="button" className="btn" disabled={disabled} onClick={() => void applyMine("theirs")}>
        Keep the canvas’s
      </button>
      <button type="button" className="btn" disabled={disabled} onClick={() => void applyMine("mine")}>
        Use mine
      </button>
    </div>
  );
}

/** What is wrong, each a way to its line. */
function Findings({
  title,
  icon,
  found,
  onShow,
}: {
  title: "fault" | "warning";
  icon: string;
  found: readonly Fault[];
  onShow: (offset: number) => void;
}) {
  if (found.length === 0) return null;
  return (
    <ul className={`yaml-panel__findings is-${title}`} aria-label={plural(found.length, title)}>
      {found.map((fault, index) => (
        <li key={index}>
          <button type="button" onClick={() => onShow(offsetOf(fault))}>
            <Icon name={icon} size={14} />
            <span>
              <strong>Line {fault.line}</strong> {fault.message}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The job of the selected node is shown, and the node of the job that the cursor is in selected. */
function useBothWays() {
  const [show, setShow] = useState<{ offset: number; serial: number } | null>(null);
  const chosen = useRef<string | null>(null);
  const scrollTo = (offset: number) => setShow((before) => ({ offset, serial: (before?.serial ?? 0) + 1 }));
  useEffect(() => {
    const follow = (id: string | null) => {
      const job = jobPlaces(yamlStore.getState().mine).find((each) => each.id === id);
      if (job && id !== chosen.current) scrollTo(job.from);
      chosen.current = null;
    };
    const stops = [
      uiStore.subscribe((now, before) => now.selection !== before.selection && follow(onlySelected(now))),
      yamlStore.subscribe(
        (now, before) => now.base && !before.base && follow(onlySelected(uiStore.getState())),
      ),
    ];
    return () => stops.forEach((stop) => stop());
  }, []);
  const onCursor = (offset: number) => {
    const job = jobAt(yamlStore.getState().mine, offset);
    if (job === null || !(job in docStore.getState().document.nodes)) return;
    if (onlySelected(uiStore.getState()) === job) return;
    chosen.current = job;
    select([job]);
    showNode(job);
  };
  return { show, scrollTo, onCursor };
}

function offsetOf(fault: Fault): number {
  const lines = yamlStore
    .getState()
    .mine.split("\n")
    .slice(0, fault.line - 1);
  return lines.reduce((sum, line) => sum + line.length + 1, 0) + fault.column - 1;
}

/** Out of the editor, in which Tab indents: to the selected node, or else to the panel's own buttons. */
function leave(): void {
  const id = onlySelected(uiStore.getState());
  if (id !== null) focusNode(id);
  else document.querySelector<HTMLElement>("[data-testid=yaml-close]")?.focus();
}

function copy(): void {
  void navigator.clipboard.writeText(yamlStore.getState().mine).then(() => announce("Copied the YAML."));
}

function download(): void {
  const { base, mine } = yamlStore.getState();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([mine], { type: "application/yaml" }));
  link.download = base?.file.split("/").at(-1) ?? "pipeline.yml";
  link.click();
  URL.revokeObjectURL(link.href);
}
