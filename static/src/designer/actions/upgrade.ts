import { splitRef } from "../../graph/ports.ts";
import type { ComponentNode, GraphNode, Interface } from "../../graph/types.ts";
import { upgrade } from "../../graph/upgrade.ts";
import { app, edit } from "../app.ts";
import { docStore, useDoc } from "../state/doc.ts";
import { announce, notify } from "../state/ui.ts";

const latest = new WeakMap<readonly Interface[], Map<string, Interface>>();

function newest(components: readonly Interface[], name: string): Interface | undefined {
  let byName = latest.get(components);
  if (!byName) latest.set(components, (byName = new Map(components.map((face) => [face.name, face]))));
  return byName.get(name);
}

/** The newest version of a node's component, if the node has another one. */
export function useNewerVersion(node: GraphNode): string | null {
  return useDoc((doc) => {
    if (node.kind !== "component") return null;
    const face = newest(doc.components, splitRef(node.component).name);
    return face && face.ref !== node.component ? face.version : null;
  });
}

/** Take the newest version, in place; what has no place in it is said, and undo brings it back. */
export function upgradeNode(node: ComponentNode): void {
  const { document, components } = docStore.getState();
  const to = newest(components, splitRef(node.component).name);
  if (!to) return;
  const { ops, lost } = upgrade(document, app().catalog, node, to);
  if (!edit(ops, `Update ${node.title} to version ${to.version}`)) return;
  if (lost.length > 0)
    notify(`Version ${to.version} has no place for ${lost.join(", ")}. Undo brings it back.`, node.id);
  else announce(`${node.title} now has version ${to.version}.`);
}
