import { fields, interfaceOf, splitRef } from "../../graph/ports.ts";
import type { Document, GraphNode } from "../../graph/types.ts";
import { sourceId } from "../../graph/types.ts";
import { orderIn, wiresIn } from "../../graph/adjacency.ts";
import { showValue } from "../../graph/values.ts";
import { plain } from "../../lib/format.ts";
import { titleOf } from "../actions/edit.ts";
import { flyTo } from "../actions/focus.ts";
import { app } from "../app.ts";
import { loopWords } from "../canvas/loopWords.ts";
import { ruleWords } from "../canvas/ruleWords.ts";
import { nodeAt } from "../groups/expand.ts";
import { Section } from "./Section.tsx";

/** A node within a group: to be looked at. It is changed in the pipeline that the group was saved from. */
export function InnerPanel({ path, node, graph }: { path: string; node: GraphNode; graph: Document }) {
  const face = interfaceOf(node, app().catalog);
  const group = path.slice(0, path.lastIndexOf("."));
  const name = (id: string) => graph.nodes[id]?.title ?? id.replace("$inputs.", "");
  const from = [...wiresIn(graph.edges, node.id)];
  const after = [...orderIn(graph.order, node.id)];
  return (
    <>
      <header className="inspector__heading">
        <h2 className="inspector__title">{node.title}</h2>
        <div className="inspector__ref">
          {node.kind === "branch" ? ruleWords(node.branch) : <Ref node={node} />}
          <span className="inspector__id">{path}</span>
        </div>
        <p className="inspector__description">
          Part of{" "}
          <button type="button" className="link-button" onClick={() => flyTo(group)}>
            {nodeAt(group)?.node.title ?? titleOf(group)}
          </button>
          , which cannot be changed from here: it is a component of its own.
        </p>
        {face?.description && <p className="inspector__description">{plain(face.description)}</p>}
      </header>
      {face && fields(face).length > 0 && (
        <Section title="Parameters" name="parameters">
          <dl className="fact-list">
            {fields(face).map((port) => [
              <dt key={`${port.name}-name`}>{port.label}</dt>,
              <dd key={port.name}>{showValue(node.params[port.name] ?? port.default) || "–"}</dd>,
            ])}
          </dl>
        </Section>
      )}
      {from.length + after.length > 0 && (
        <Section title="Comes after" name="inner-before">
          <dl className="fact-list">
            {from.map((edge) => [
              <dt key={`${edge.input}-name`}>{edge.input}</dt>,
              <dd key={edge.input}>
                {name(sourceId(edge))} › {edge.output}
              </dd>,
            ])}
            {after.map((edge) => [
              <dt key={`${edge.source}-name`}>runs after</dt>,
              <dd key={edge.source}>
                {name(edge.source)}: {edge.condition}
              </dd>,
            ])}
          </dl>
        </Section>
      )}
      {node.kind === "component" && node.loop && (
        <Section title="Repeat" name="repeat">
          <p>{loopWords(node.loop)}</p>
        </Section>
      )}
    </>
  );
}

function Ref({ node }: { node: Exclude<GraphNode, { kind: "branch" }> }) {
  const { name, version } = splitRef(node.kind === "data" ? node.asset : node.component);
  const page = `${app().boot.pages}${node.kind === "data" ? "data" : "components"}/${encodeURIComponent(name)}/`;
  return (
    <>
      <a href={page} target="_blank" rel="noopener">
        {name}
      </a>
      <span className="version-chip">v{version}</span>
    </>
  );
}
