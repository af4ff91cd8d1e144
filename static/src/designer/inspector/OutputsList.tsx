import type { ComponentNode, Interface } from "../../graph/types.ts";
import { outputPorts } from "../../graph/ports.ts";
import { Icon } from "../../lib/Icon.tsx";
import { app } from "../app.ts";
import { familyOf, hue } from "../canvas/family.ts";
import { PortShape } from "../canvas/PortShape.tsx";
import { PortColumns, ShowResult } from "../data/PortData.tsx";
import { openPortMenu } from "../menu/portMenu.ts";
import { useDoc } from "../state/doc.ts";
import type { PortEnd } from "../state/ui.ts";

/** What a node gives, and which of it the pipeline gives in turn. */
export function OutputsList({ node, face }: { node: ComponentNode; face: Interface }) {
  const outputs = useDoc((doc) => doc.document.outputs);
  const editable = useDoc((doc) => doc.editable);
  return (
    <ul className="output-list">
      {outputPorts(node, face).map((port) => {
        const names = Object.entries(outputs)
          .filter(([, each]) => each.source === node.id && each.output === port.name)
          .map(([name]) => name);
        const end: PortEnd = { node: node.id, port: port.name, side: "out" };
        return (
          <li key={port.name} className="output-list__item">
            <span className="wire-row__shape" style={{ color: hue(familyOf(port.type)) }}>
              <PortShape family={familyOf(port.type)} />
            </span>
            <span className="output-list__name">
              {port.label}
              <small>{app().catalog.labels[port.type] ?? port.type}</small>
            </span>
            {names.map((name) => (
              <span key={name} className="version-chip" title={`The pipeline's output “${name}”`}>
                → {name}
              </span>
            ))}
            <ShowResult end={end} label={port.label} />
            <button
              type="button"
              className="btn-icon"
              disabled={!editable}
              aria-label={`Actions for ${port.label}`}
              aria-haspopup="menu"
              onClick={(event) => {
                const box = event.currentTarget.getBoundingClientRect();
                openPortMenu(end, port, { x: box.right - 240, y: box.bottom + 4 });
              }}
            >
              <Icon name="ellipsis-vertical" size={14} />
            </button>
            <PortColumns end={end} />
          </li>
        );
      })}
    </ul>
  );
}
