import { bindTo, boundInput } from "../../graph/binding.ts";
import { demote, fitsLiteral, promote } from "../../graph/inputs.ts";
import type { GraphNode, InputPort } from "../../graph/types.ts";
import { edgeKey } from "../../graph/types.ts";
import { changeNode, setParam, titleOf } from "../actions/edit.ts";
import { edit } from "../app.ts";
import { docStore } from "../state/doc.ts";
import { announce } from "../state/ui.ts";
import type { MenuItem } from "./menuStore.ts";
import { openMenu } from "./menuStore.ts";

/** Where a parameter's value may come from. */
export function openFieldMenu(node: GraphNode, port: InputPort, at: { x: number; y: number }): void {
  const { document } = docStore.getState();
  const value = node.params[port.name] ?? null;
  const bound = boundInput(value);
  const items: (MenuItem | "-")[] = [];
  const inputs = Object.entries(document.inputs).filter(([, input]) => fitsLiteral(input.type, port.type));
  for (const [name] of inputs) {
    items.push({
      label: `Use pipeline input “${name}”`,
      icon: "log-in",
      checked: name === bound,
      do: () => setParam(node.id, port.name, bindTo(name)),
    });
  }
  if (bound === null) {
    items.push({
      label: "Make a pipeline input",
      icon: "plus",
      note: "Asked for when a run starts",
      do: () => {
        const { name, ops } = promote(document, node.id, port, value ?? port.default);
        if (edit(ops, `Make ${port.label} a pipeline input`))
          announce(`${port.label} is now the pipeline input ${name}.`);
      },
    });
  }
  if (bound !== null) {
    items.push({
      label: "Set the value here again",
      icon: "unlink",
      note: "As the pipeline input has it",
      do: () => takeBack(node, port),
    });
  }
  const exposed = node.exposed.includes(port.name);
  const wired = edgeKey(node.id, port.name) in document.edges;
  items.push({
    label: exposed ? "Hide the port" : "Show as port",
    icon: exposed ? "minus" : "circle-dot",
    note: exposed && wired ? "Remove its wire first" : exposed ? "" : "To be fed by another step's value",
    disabled: exposed && wired,
    do: () => {
      const next = exposed ? node.exposed.filter((name) => name !== port.name) : [...node.exposed, port.name];
      changeNode(node.id, { exposed: next }, "Ports");
    },
  });
  items.push("-", {
    label: "Reset to default",
    icon: "rotate-ccw",
    disabled: value === null,
    do: () => setParam(node.id, port.name, null),
  });
  openMenu(items, at, `${port.label} of ${titleOf(node.id)}`);
}

/** Let a parameter have its own value again, rather than a pipeline input's. */
export function takeBack(node: GraphNode, port: InputPort): void {
  const ops = demote(docStore.getState().document, node.id, port);
  if (edit(ops, `Set ${port.label} of ${titleOf(node.id)} by itself`))
    announce(`${port.label} of ${titleOf(node.id)} has a value of its own again.`);
}
