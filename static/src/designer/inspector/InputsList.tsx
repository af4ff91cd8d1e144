import { useId, useMemo } from "react";

import { sourcesOf } from "../../graph/placement.ts";
import { inputPorts } from "../../graph/ports.ts";
import type { GraphNode, InputPort, Interface } from "../../graph/types.ts";
import { edgeKey, sourceId } from "../../graph/types.ts";
import { Icon } from "../../lib/Icon.tsx";
import { connect, disconnect, titleOf } from "../actions/edit.ts";
import { flyTo } from "../actions/focus.ts";
import { app } from "../app.ts";
import { familyOf, hue } from "../canvas/family.ts";
import { PortShape } from "../canvas/PortShape.tsx";
import { PortColumns, ShowResult } from "../data/PortData.tsx";
import type { PortEnd } from "../state/ui.ts";
import { useDoc } from "../state/doc.ts";
import { Section } from "./Section.tsx";

/** What feeds each input, to be seen and changed without a pointer. */
export function InputsList({ node, face }: { node: GraphNode; face: Interface | undefined }) {
  const ports = inputPorts(node, face);
  if (ports.length === 0) return null;
  return (
    <Section title="Inputs" name="inputs">
      {ports.map((port) => (
        <Input key={port.name} node={node.id} port={port} />
      ))}
    </Section>
  );
}

function Input({ node, port }: { node: string; port: InputPort }) {
  const id = useId();
  const document = useDoc((doc) => doc.document);
  const editable = useDoc((doc) => doc.editable);
  const end: PortEnd = { node, port: port.name, side: "in" };
  const edge = document.edges[edgeKey(node, port.name)];
  const sources = useMemo(
    () => (editable ? sourcesOf(document, app().catalog, node, port.name) : []),
    [document, editable, node, port.name],
  );
  const now = edge ? `${sourceId(edge)} ${edge.output}` : "";
  return (
    <div className="wire-row">
      <label htmlFor={id}>
        <span className="wire-row__shape" style={{ color: hue(familyOf(port.type)) }}>
          <PortShape family={familyOf(port.type)} />
        </span>
        {port.label}
        {port.optional && <span className="wire-row__optional">optional</span>}
      </label>
      <div className="wire-row__control">
        <select
          id={id}
          className="text-input"
          data-field={port.name}
          value={now}
          disabled={!editable}
          onChange={(event) => {
            const source = sources.find((each) => `${each.node} ${each.port}` === event.target.value);
            if (source) connect(source.wire, edge ?? null);
            else if (edge) disconnect([edge]);
          }}
        >
          <option value="">
            {edge ? "Disconnect" : sources.length > 0 ? "Connect…" : "Nothing fits yet"}
          </option>
          {edge && !sources.some((each) => `${each.node} ${each.port}` === now) && (
            <option value={now}>
              {titleOf(sourceId(edge))} › {edge.output}
            </option>
          )}
          {sources.map((each) => (
            <option key={`${each.node} ${each.port}`} value={`${each.node} ${each.port}`}>
              {titleOf(each.node)} › {each.label}
              {each.warn && " (may fit)"}
            </option>
          ))}
        </select>
        {edge && (
          <button
            type="button"
            className="btn-icon"
            aria-label={`Go to ${titleOf(sourceId(edge))}`}
            title="Go there"
            onClick={() => flyTo(sourceId(edge))}
          >
            <Icon name="crosshair" size={14} />
          </button>
        )}
        {edge && <ShowResult end={end} label={port.label} />}
      </div>
      <PortColumns end={end} />
    </div>
  );
}
