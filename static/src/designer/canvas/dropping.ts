/** Things dragged from the palette, or files from the desktop, onto the canvas. */

import type { DragEvent } from "react";

import { nodeSize, portY } from "../../graph/geometry.ts";
import { addNode } from "../actions/add.ts";
import { uploadFiles } from "../actions/assets.ts";
import { placeAt } from "../actions/focus.ts";
import { docStore } from "../state/doc.ts";

export const COMPONENT = "application/x-portline-component";
export const ASSET = "application/x-portline-asset";
export const BRANCH = "application/x-portline-branch";

export function onDragOver(event: DragEvent): void {
  const types = event.dataTransfer.types;
  if (!docStore.getState().editable) return;
  if (
    !types.includes(COMPONENT) &&
    !types.includes(ASSET) &&
    !types.includes(BRANCH) &&
    !types.includes("Files")
  )
    return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
}

/** The wire at a point, also where its own button lies over it. */
function edgeUnder({ x, y }: { x: number; y: number }): string | null {
  const edge = document.elementsFromPoint(x, y).find((element) => element.closest(".react-flow__edge"));
  return edge?.closest(".react-flow__edge")?.getAttribute("data-id") ?? null;
}

export function onDrop(event: DragEvent): void {
  const { components, assets, document: pipeline, editable } = docStore.getState();
  const screen = { x: event.clientX, y: event.clientY };
  const at = placeAt(screen);
  if (!at || !editable) return;
  const component = components.find((face) => face.name === event.dataTransfer.getData(COMPONENT));
  const asset = assets.find((each) => each.ref === event.dataTransfer.getData(ASSET));
  if (component) {
    event.preventDefault();
    const { width } = nodeSize({ kind: "data", title: component.title, type: "" } as never, undefined);
    // On a wire: into it.
    const key = edgeUnder(screen);
    const into = key ? pipeline.edges[key] : undefined;
    addNode({ component }, { at: { x: at.x - width / 2, y: at.y - portY(0) / 2 }, into: into ?? null });
  } else if (event.dataTransfer.types.includes(BRANCH)) {
    event.preventDefault();
    addNode({ branch: true }, { at: { x: at.x - 88, y: at.y - 24 } });
  } else if (asset) {
    event.preventDefault();
    addNode({ asset }, { at: { x: at.x - 88, y: at.y - 24 } });
  } else if (event.dataTransfer.files.length > 0) {
    event.preventDefault();
    void uploadFiles([...event.dataTransfer.files], { at });
  }
}
