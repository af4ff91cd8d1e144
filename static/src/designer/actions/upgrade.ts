import { splitRef } from "../../graph/ports.ts";
import type { ComponentNode, GraphNode, Interface } from "../../graph/types.ts";
import { upgrade } from "../../graph/upgrade.ts";
import { app, edit } from "../app.ts";
import { docStore, useDoc } from "../state/doc.ts";
import { announce, notify, setUi } from "../state/ui.ts";

/** What versions begin with that nobody chose: those of what lies in an imported pipeline's own files. */
export const ANONYMOUS = "anon-";

const latest = new WeakMap<readonly Interface[], Map<string, Interface>>();

function newest(components: readonly Interface[], name: string): Interface | undefined {
  let byName = latest.get(components);
  if (!byName) latest.set(components, (byName = new Map(components.map((face) => [face.name, face]))));
  return byName.get(name);
}

/** The newest version of a node's component, if the node has another one. */
export function useNewerVersion(node: GraphNode): string | null {
  return useDoc((doc) => {
    if (node.kind !== "component" || splitRef(node.component).version.startsWith(ANONYMOUS)) return null;
    const face = newest(doc.components, splitRef(node.component).name);
    return face && face.ref !== node.component ? face.version : null;
  });
}

/** Take the newest version, in place; what has no place in it is said, and undo brings it back. */
export function upgradeNode(node: ComponentNode): void {
  const { components } = docStore.getState();
  const to = newest(components, splitRef(node.component).name);
  if (to) take(node, to, `version ${to.version}`, `Update ${node.title} to version ${to.version}`);
}

/** Take another component in a node's place: wires and values of equal name and fitting type stay. */
export function replaceComponent(id: string, to: Interface): void {
  const node = docStore.getState().document.nodes[id];
  if (node?.kind === "component")
    take(node, to, `“${to.title}”`, `Replace the component of ${node.title} by ${to.title}`);
}

function take(node: ComponentNode, to: Interface, what: string, action: string): void {
  const { ops, lost } = upgrade(docStore.getState().document, app().catalog, node, to);
  if (!edit(ops, action)) return;
  const begun = what.charAt(0).toUpperCase() + what.slice(1);
  if (lost.length > 0) notify(`${begun} has no place for ${lost.join(", ")}. Undo brings it back.`, node.id);
  else announce(`${node.title} now has ${what}.`);
}

/** Ask for the component to take, at a point of the screen. */
export function askForComponent(id: string, screen: { x: number; y: number }): void {
  setUi({ quickAdd: { screen, at: null, from: null, replace: id } });
}
