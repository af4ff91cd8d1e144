/** What benchmarks and browser tests steer the canvas by, and read of it: where far nodes are, nothing is mounted. */

import { canvasFlow, canvasPane } from "../actions/focus.ts";
import { docStore } from "../state/doc.ts";
import { uiStore } from "../state/ui.ts";

const probe = {
  /** Put a place of the document into the middle of the canvas. */
  look(zoom: number, x: number, y: number): void {
    const box = canvasPane()?.getBoundingClientRect();
    if (box)
      void canvasFlow()?.setViewport({ zoom, x: box.width / 2 - x * zoom, y: box.height / 2 - y * zoom });
  },
  /** Where a place of the document is in the window. */
  screen(x: number, y: number): [number, number] | null {
    const at = canvasFlow()?.flowToScreenPosition({ x, y });
    return at ? [at.x, at.y] : null;
  },
  zoom: (): number => canvasFlow()?.getZoom() ?? 0,
  selected: (): number => uiStore.getState().selection.size,
  /** Where a node is drawn, also while it is dragged. */
  position(id: string): [number, number] | null {
    const at = uiStore.getState().drag?.get(id) ?? docStore.getState().document.nodes[id];
    return at ? [at.x, at.y] : null;
  },
};

declare global {
  interface Window {
    portlineProbe?: typeof probe;
  }
}

window.portlineProbe = probe;
