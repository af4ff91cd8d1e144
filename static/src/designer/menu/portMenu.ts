import { mintId } from "../../graph/ids.ts";
import { interfaceOf, outputPorts } from "../../graph/ports.ts";
import { app, edit } from "../app.ts";
import { docStore } from "../state/doc.ts";
import { openPreview } from "../data/previews.ts";
import { resultAt, resultStore } from "../state/results.ts";
import type { PortEnd } from "../state/ui.ts";
import { announce, select, setUi } from "../state/ui.ts";
import { titleOf } from "../actions/edit.ts";
import type { MenuItem } from "./menuStore.ts";
import { openMenu } from "./menuStore.ts";

interface Port {
  readonly name: string;
  readonly label: string;
  readonly type: string;
}

/** What can be done with a port of a node. */
export function openPortMenu(end: PortEnd, port: Port, at: { x: number; y: number }): void {
  const { document, editable } = docStore.getState();
  const { node } = end;
  const result = resultAt(resultStore.getState(), document, end);
  const look: MenuItem = {
    label: "Show the last result",
    icon: "eye",
    note: result ? `Of run ${result.run}${result.stale ? ", before a change" : ""}` : "There is none yet",
    disabled: !result,
    do: () => openPreview(end),
  };
  const title = `${port.label} of ${titleOf(node)}`;
  if (!editable || end.side === "in") return openMenu([look], at, title);
  const given = Object.entries(document.outputs).filter(
    ([, output]) => output.source === node && output.output === port.name,
  );
  const items: (MenuItem | "-")[] = [
    look,
    {
      label: "Connect…",
      icon: "spline",
      do: () => setUi({ connecting: { node, port: port.name, side: "out" } }),
    },
    "-",
    ...given.map(([name]): MenuItem => ({
      label: `Remove the pipeline output “${name}”`,
      icon: "minus",
      do: () => removeOutput(name),
    })),
  ];
  if (given.length > 0)
    items.push({ label: "Rename it", icon: "pencil", note: "In the pipeline's panel", do: () => select([]) });
  else {
    items.push({
      label: "Make this a pipeline output",
      icon: "log-out",
      note: "What the pipeline gives when it is used as a component",
      do: () => makeOutput(node, port),
    });
  }
  openMenu(items, at, title);
}

export function makeOutput(node: string, port: Port): void {
  const { document } = docStore.getState();
  const name = mintId(port.name, (each) => each in document.outputs || each in document.inputs);
  const output = { type: port.type, source: node, output: port.name, description: "" };
  if (edit([{ op: "set_output", name, output }], `Make ${port.label} a pipeline output`))
    announce(`${port.label} of ${titleOf(node)} is now the pipeline output ${name}.`);
}

export function removeOutput(name: string): void {
  if (edit([{ op: "set_output", name, output: null }], `Remove the pipeline output ${name}`))
    announce(`The pipeline has no output ${name} any more.`);
}

/** Everything that could be a pipeline output: for choosing it without a pointer. */
export function possibleOutputs(): { node: string; port: Port }[] {
  const { document } = docStore.getState();
  return Object.values(document.nodes).flatMap((node) =>
    outputPorts(node, interfaceOf(node, app().catalog)).map((port) => ({ node: node.id, port })),
  );
}
