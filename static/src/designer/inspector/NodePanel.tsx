import { Suspense, lazy, useEffect } from "react";

import { fields, interfaceOf, splitRef } from "../../graph/ports.ts";
import type { ComponentNode, GraphNode } from "../../graph/types.ts";
import { plain, plural } from "../../lib/format.ts";
import { Icon } from "../../lib/Icon.tsx";
import { changeNode, renameNode } from "../actions/edit.ts";
import { copyLink } from "../actions/links.ts";
import { askForComponent, upgradeNode, useNewerVersion } from "../actions/upgrade.ts";
import { app } from "../app.ts";
import { loopWords } from "../canvas/loopWords.ts";
import { computeNote, NodeCompute } from "../compute/ComputeForm.tsx";
import { openNodeMenu } from "../menu/nodeMenu.ts";
import { useDoc } from "../state/doc.ts";
import { NONE, useProblems } from "../state/problems.ts";
import { useUi } from "../state/ui.ts";
import { useDraft } from "../widgets/draft.ts";
import { BranchForm } from "./BranchForm.tsx";
import { DataFacts } from "./DataFacts.tsx";
import { InputsList } from "./InputsList.tsx";
import { NodeSettingsForm } from "./NodeSettingsForm.tsx";
import { OutputsList } from "./OutputsList.tsx";
import { givenByLoop } from "./repeat/given.ts";
import { ParameterList } from "./ParameterList.tsx";
import { RunsAfter } from "./RunsAfter.tsx";
import { Section } from "./Section.tsx";

const RepeatForm = lazy(() => import("./repeat/RepeatForm.tsx"));
const NO_NAMES: ReadonlySet<string> = new Set<string>();

export function NodePanel({ node }: { node: GraphNode }) {
  const face = useDoc(() => interfaceOf(node, app().catalog));
  const editable = useDoc((doc) => doc.editable);
  const problems = useProblems((state) => state.byNode[node.id] ?? NONE);
  const params = node.kind === "component" && face ? fields(face) : [];
  const looped = node.kind === "component" ? givenByLoop(node) : NO_NAMES;
  // The heading says itself why a node cannot run.
  const own = problems.filter(
    ({ field, code }) => code !== "cannot_run" && !params.some((port) => port.name === field),
  );
  useFieldFocus(node.id);
  return (
    <>
      <Heading node={node} />
      {own.length > 0 && (
        <ul className="inspector__problems">
          {own.map((problem) => (
            <li key={`${problem.field} ${problem.code}`} className={`is-${problem.severity}`}>
              <Icon name="triangle-alert" size={14} />
              {problem.message}
            </li>
          ))}
        </ul>
      )}
      {node.kind === "data" && <DataFacts node={node} />}
      {node.kind === "branch" && <BranchForm node={node} />}
      {params.length > 0 && (
        <Section title="Parameters" name="parameters">
          <ParameterList node={node} ports={params} looped={looped} />
        </Section>
      )}
      {node.kind !== "data" && <InputsList node={node} face={face} />}
      {node.kind !== "data" && <RunsAfter node={node} />}
      {node.kind === "component" && face && (
        <Section title="Repeat" name="repeat" folded={!node.loop} note={repeatNote(node)}>
          <Suspense fallback={<div className="inspector__waiting" aria-busy="true" />}>
            <RepeatForm node={node} face={face} />
          </Suspense>
        </Section>
      )}
      {node.kind === "component" && face && face.outputs.length > 0 && (
        <Section title="Outputs" name="outputs" folded>
          <OutputsList node={node} face={face} />
        </Section>
      )}
      <Section title="Comment" name="comment" folded={node.comment === ""}>
        <Comment node={node} editable={editable} />
      </Section>
      {node.kind !== "data" && (
        <Section title="Step settings" name="settings" folded note={settingsNote(node)}>
          <NodeSettingsForm node={node} />
        </Section>
      )}
      {node.kind === "component" && (
        <Section title="Compute" name="compute" folded note={computeNote(node.settings)}>
          <NodeCompute node={node} />
        </Section>
      )}
    </>
  );
}

const repeatNote = (node: ComponentNode): string => (node.loop ? loopWords(node.loop) : "once");

/** These have a section of their own. */
const OF_COMPUTE = new Set(["compute", "labels", "resources"]);

function settingsNote(node: GraphNode): string {
  const count = Object.keys(node.settings).filter((name) => !OF_COMPUTE.has(name)).length;
  return count > 0 ? plural(count, "change") : "";
}

function Heading({ node }: { node: GraphNode }) {
  const face = useDoc(() => interfaceOf(node, app().catalog));
  const editable = useDoc((doc) => doc.editable);
  const newer = useNewerVersion(node);
  const title = useDraft(node.title, (next) => next.trim() && renameNode(node.id, next.trim()));
  const ref = splitRef(node.kind === "component" ? node.component : node.kind === "data" ? node.asset : "");
  const page = `${app().boot.pages}${node.kind === "component" ? "components" : "data"}/${encodeURIComponent(ref.name)}/`;
  return (
    <header className="inspector__heading">
      <input
        className="inspector__title"
        aria-label="Title"
        value={title.draft}
        disabled={!editable}
        maxLength={200}
        data-first-field
        onChange={(event) => title.setDraft(event.target.value)}
        onBlur={title.commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          if (event.key === "Escape") title.revert();
        }}
      />
      <div className="inspector__ref">
        {node.kind === "branch" ? (
          <span>If / else</span>
        ) : (
          <>
            <a href={page} target="_blank" rel="noopener">
              {ref.name}
            </a>
            <span className="version-chip">v{ref.version}</span>
          </>
        )}
        <span className="inspector__id" title="The step's name in YAML and logs">
          {node.id}
        </span>
        <span className="spacer" />
        <button
          type="button"
          className="btn-icon"
          aria-label="Copy link to node"
          title="Copy link to node"
          onClick={() => void copyLink(node.id)}
        >
          <Icon name="link" size={14} />
        </button>
        <button
          type="button"
          className="btn-icon"
          aria-label="More actions"
          aria-haspopup="menu"
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            openNodeMenu(node.id, { x: box.left - 180, y: box.bottom + 4 });
          }}
        >
          <Icon name="ellipsis" size={14} />
        </button>
      </div>
      {newer && node.kind === "component" && (
        <button
          type="button"
          className="btn inspector__upgrade"
          disabled={!editable}
          onClick={() => upgradeNode(node)}
        >
          <Icon name="refresh-cw" size={14} />
          Update to version {newer}
        </button>
      )}
      {node.kind === "component" && face?.cannot_run && (
        <div className="inspector__cannot">
          <p>{face.cannot_run}</p>
          <button
            type="button"
            className="btn"
            disabled={!editable}
            onClick={(event) => {
              const { left, bottom } = event.currentTarget.getBoundingClientRect();
              askForComponent(node.id, { x: left, y: bottom });
            }}
          >
            <Icon name="replace" size={14} />
            Replace component…
          </button>
        </div>
      )}
      {face?.description && <p className="inspector__description">{plain(face.description)}</p>}
    </header>
  );
}

function Comment({ node, editable }: { node: GraphNode; editable: boolean }) {
  const text = useDraft(node.comment, (comment) => changeNode(node.id, { comment }, "Comment"));
  return (
    <textarea
      className="text-input"
      rows={3}
      aria-label="Comment"
      placeholder="Why this step is here"
      value={text.draft}
      disabled={!editable}
      onChange={(event) => text.setDraft(event.target.value)}
      onBlur={text.commit}
      onKeyDown={(event) => event.key === "Escape" && text.revert()}
    />
  );
}

/** Go to the field that a problem names. */
function useFieldFocus(id: string): void {
  const field = useUi((ui) => (ui.field?.node === id ? ui.field : null));
  useEffect(() => {
    if (!field) return;
    const element = document.querySelector<HTMLElement>(
      `.inspector [data-field="${CSS.escape(field.name)}"]`,
    );
    element?.scrollIntoView({ block: "center" });
    element?.focus({ preventScroll: true });
  }, [field]);
}
