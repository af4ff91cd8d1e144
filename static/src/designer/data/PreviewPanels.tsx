import "./data.css";

import { useStore, ViewportPortal } from "@xyflow/react";
import type { KeyboardEvent, PointerEvent } from "react";
import { useEffect, useRef } from "react";

import { interfaceOf, outputPorts } from "../../graph/ports.ts";
import { Icon } from "../../lib/Icon.tsx";
import { DownloadButton } from "../../run/DownloadButton.tsx";
import { PreviewCard } from "../../run/PreviewCard.tsx";
import { kindLook } from "../../run/previewChoice.ts";
import { titleOf } from "../actions/edit.ts";
import { app } from "../app.ts";
import { currentView } from "../groups/view.ts";
import { useDoc } from "../state/doc.ts";
import { useResults } from "../state/results.ts";
import { useUi } from "../state/ui.ts";
import type { OpenPreview } from "./previews.ts";
import { BESIDE, SIZE, closeNewestPreview, closePreview, movePreview, usePreviews } from "./previews.ts";

/** Results beside their nodes. They move with the canvas and stay as large as they are when one zooms. */
export function PreviewPanels() {
  const open = usePreviews();
  useEffect(() => {
    if (open.length === 0) return;
    const onKey = (event: globalThis.KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const onCanvas = target === document.body || target.closest(".canvas") !== null;
      if (event.key === "Escape" && onCanvas && !target.closest("input, textarea") && closeNewestPreview())
        event.stopPropagation();
    };
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  }, [open]);
  if (open.length === 0) return null;
  return (
    <ViewportPortal>
      {open.map((preview) => (
        <Panel key={`${preview.node} ${preview.output}`} preview={preview} />
      ))}
    </ViewportPortal>
  );
}

function Panel({ preview }: { preview: OpenPreview }) {
  const zoom = useStore((state) => state.transform[2]);
  const node = useDoc((doc) => doc.document.nodes[preview.node]);
  // Placed anew when nodes move or are dragged.
  useDoc((doc) => doc.document.nodes[preview.beside]);
  const drag = useUi((ui) => ui.drag?.get(preview.beside));
  const result = useResults((state) => state.results[preview.node]?.[preview.output]);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus({ preventScroll: true }), [preview.serial]);
  const box = currentView().box(preview.beside);
  if (!node || !box) return null;
  const port = outputPorts(node, interfaceOf(node, app().catalog)).find(
    ({ name }) => name === preview.output,
  );
  const label = port?.label ?? preview.output;
  const x = (drag?.x ?? box.x) + box.width + BESIDE / zoom + preview.moved.x / zoom;
  const y = (drag?.y ?? box.y) + preview.moved.y / zoom;
  return (
    <section
      ref={panel}
      className="preview-panel nodrag nopan nowheel"
      role="dialog"
      aria-label={`${label} of ${titleOf(preview.node)}`}
      tabIndex={-1}
      data-testid={`preview-${preview.node}-${preview.output}`}
      style={{ transform: `translate(${x}px, ${y}px) scale(${1 / zoom})`, ...SIZE }}
      onKeyDown={(event) => keepKeys(event)}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      <header onPointerDown={(event) => startMoving(event, preview)}>
        {result && <Icon name={kindLook(result.kind).icon} size={14} />}
        <strong>{titleOf(preview.node)}</strong>
        <span className="preview-panel__port">{label}</span>
        <span className="spacer" />
        {result?.stale && (
          <span
            className="preview-panel__stale"
            title="The step, or something above it, changed since that run."
          >
            <Icon name="history" size={12} />
            out of date
          </span>
        )}
        {result && <span className="preview-panel__run">run {result.run}</span>}
        {result && <DownloadButton api={app().boot.api} artifact={result} label={label} />}
        <button
          type="button"
          className="btn-icon"
          aria-label="Close the preview"
          title="Close (Esc)"
          onClick={() => closePreview(preview)}
        >
          <Icon name="x" size={14} />
        </button>
      </header>
      <div className="preview-panel__body">
        {result ? (
          <PreviewCard key={result.id} api={app().boot.api} artifact={result} />
        ) : (
          <p className="param__hint">There is no result of this port yet.</p>
        )}
      </div>
    </section>
  );
}

/** Keys pressed in a preview are not the canvas'. */
function keepKeys(event: KeyboardEvent): void {
  if (event.key !== "Escape") event.stopPropagation();
}

function startMoving(event: PointerEvent<HTMLElement>, preview: OpenPreview): void {
  if (event.button !== 0 || (event.target as HTMLElement).closest("button, a")) return;
  const header = event.currentTarget;
  const from = { x: event.clientX - preview.moved.x, y: event.clientY - preview.moved.y };
  header.setPointerCapture(event.pointerId);
  const move = (now: globalThis.PointerEvent) =>
    movePreview(preview, { x: now.clientX - from.x, y: now.clientY - from.y });
  header.addEventListener("pointermove", move);
  header.addEventListener("lostpointercapture", () => header.removeEventListener("pointermove", move), {
    once: true,
  });
}
