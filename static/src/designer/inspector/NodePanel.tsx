import { useEffect } from "react";

import { fields, interfaceOf, splitRef } from "../../graph/ports.ts";
import type { GraphNode } from "../../graph/types.ts";
import { plain, plural } from "../../lib/format.ts";
import { Icon } from "../../lib/Icon.tsx";
import { changeNode, renameNode } from "../actions/edit.ts";
import { copyLink } from "../actions/links.ts";
import { upgradeNode, useNewerVersion } from "../actions/upgrade.ts";
import { app } from "../app.ts";
import { openNodeMenu } from "../menu/nodeMenu.ts";
import { useDoc } from "../state/doc.ts";
import { NONE, useProblems } from "../state/problems.ts";
import { useUi } from "../state/ui.ts";
import { useDraft } from "../widgets/draft.ts";
import { DataFacts } from "./DataFacts.tsx";
import { Field } from "./Field.tsx";
import { InputsList } from "./InputsList.tsx";
import { NodeSettingsForm } from "./NodeSettingsForm.tsx";
import { Section } from "./Section.tsx";

export function NodePanel({ node }: { node: GraphNode }) {
  const face = useDoc(() => interfaceOf(node, app().catalog));
  const editable = useDoc((doc) => doc.editable);
  const problems = useProblems((state) => state.byNode[node.id] ?? NONE);
  const params = face ? fields(face) : [];
  const own = problems.filter((problem) => !params.some((port) => port.name === problem.field));
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
      {params.length > 0 && (
        <Section title="Parameters" name="parameters">
          {params.map((port, index) => (
            <Field key={port.name} node={node} port={port} first={index === 0} />
          ))}
        </Section>
      )}
      {node.kind === "component" && face && <InputsList node={node} face={face} />}
      <Section title="Comment" name="comment" folded={node.comment === ""}>
        <Comment node={node} editable={editable} />
      </Section>
      {node.kind === "component" && (
        <Section title="Step settings" name="settings" folded note={settingsNote(node)}>
          <NodeSettingsForm node={node} />
        </Section>
      )}
    </>
  );
}

function settingsNote(node: GraphNode): string {
  const count = Object.keys(node.settings).length;
  return count > 0 ? plural(count, "change") : "";
}

function Heading({ node }: { node: GraphNode }) {
  const face = useDoc(() => interfaceOf(node, app().catalog));
  const editable = useDoc((doc) => doc.editable);
  const newer = useNewerVersion(node);
  const title = useDraft(node.title, (next) => next.trim() && renameNode(node.id, next.trim()));
  const ref = splitRef(node.kind === "component" ? node.component : node.asset);
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
        <a href={page} target="_blank" rel="noopener">
          {ref.name}
        </a>
        <span className="version-chip">v{ref.version}</span>
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
