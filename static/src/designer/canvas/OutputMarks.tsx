import { portY } from "../../graph/geometry.ts";
import type { OutputPort, PipelineOutput } from "../../graph/types.ts";
import { Icon } from "../../lib/Icon.tsx";
import { openPortMenu } from "../menu/portMenu.ts";
import { useDoc } from "../state/doc.ts";

/** The pipeline outputs that a node's outputs are, beside their ports. */
export function OutputMarks({ node, ports }: { node: string; ports: readonly OutputPort[] }) {
  const outputs = useDoc((doc) => doc.document.outputs);
  const own = Object.entries(outputs).filter(([, output]) => output.source === node);
  return own.map(([name, output]) => (
    <Mark
      key={name}
      name={name}
      output={output}
      port={ports.find((port) => port.name === output.output)}
      top={portY(ports.findIndex((port) => port.name === output.output))}
      node={node}
    />
  ));
}

interface Props {
  name: string;
  output: PipelineOutput;
  port: OutputPort | undefined;
  top: number;
  node: string;
}

function Mark({ name, port, top, node }: Props) {
  if (!port) return null;
  return (
    <button
      type="button"
      tabIndex={-1}
      className="output-mark nodrag nopan"
      style={{ top }}
      title={`The pipeline's output “${name}”`}
      aria-label={`Pipeline output ${name}`}
      data-testid={`output-${name}`}
      onClick={(event) => {
        event.stopPropagation();
        const box = event.currentTarget.getBoundingClientRect();
        openPortMenu({ node, port: port.name, side: "out" }, port, { x: box.left, y: box.bottom + 4 });
      }}
    >
      <Icon name="log-out" size={12} />
      {name}
    </button>
  );
}
