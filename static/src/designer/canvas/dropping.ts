/** Things dragged from the palette, or files from the desktop, onto the canvas. */

import type { DragEvent } from "react";

import { nodeSize, portY } from "../../graph/geometry.ts";
import { wiresInto } from "../../graph/insertion.ts";
import type { Interface } from "../../graph/types.ts";
import { wholeNode } from "../../graph/whole.ts";
import { addNode } from "../actions/add.ts";
import { uploadFiles } from "../actions/assets.ts";
import { placeAt } from "../actions/focus.ts";
import { app } from "../app.ts";
import { docStore } from "../state/doc.ts";
import { setUi, uiStore } from "../state/ui.ts";
import { edgeUnder } from "./dragging.ts";

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
  const into =
    inHand && types.includes(COMPONENT) && !event.altKey
      ? wireFor(inHand, { x: event.clientX, y: event.clientY })
      : null;
  if (uiStore.getState().intoEdge !== into) setUi({ intoEdge: into });
}

/** What is dragged from the palette: a browser tells only on dropping, but the wire it would go into is shown before. */
let inHand: Interface | null = null;

export const takeInHand = (face: Interface | null): void => void (inHand = face);

export const onDragLeave = (): void => {
  if (uiStore.getState().intoEdge !== null) setUi({ intoEdge: null });
};

function wireFor(face: Interface, screen: { x: number; y: number }): string | null {
  const { document } = docStore.getState();
  const key = edgeUnder(screen);
  const edge = key === null ? undefined : document.edges[key];
  const node = wholeNode({ id: "", kind: "component", component: face.ref, title: face.title });
  return edge && wiresInto(document, app().catalog, edge, node) ? key : null;
}

export function onDrop(event: DragEvent): void {
  const { components, assets, document: pipeline, editable } = docStore.getState();
  const screen = { x: event.clientX, y: event.clientY };
  const at = placeAt(screen);
  onDragLeave();
  if (!at || !editable) return;
  const component = components.find((face) => face.name === event.dataTransfer.getData(COMPONENT));
  const asset = assets.find((each) => each.ref === event.dataTransfer.getData(ASSET));
  if (component) {
    event.preventDefault();
    const { width } = nodeSize({ kind: "data", title: component.title, type: "" } as never, undefined);
    // On a wire: into it.
    const key = event.altKey ? null : wireFor(component, screen);
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
