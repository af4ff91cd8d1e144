import { useReactFlow, useStore } from "@xyflow/react";

import { Icon } from "../../lib/Icon.tsx";
import { fit, travel } from "../actions/focus.ts";
import { useCustomKeys } from "../commands/bindings.ts";
import { keyNote } from "../commands/registry.ts";
import { setUi } from "../state/ui.ts";

export function ZoomControls() {
  useCustomKeys();
  const flow = useReactFlow();
  const percent = useStore((state) => Math.round(state.transform[2] * 100));
  return (
    <div className="zoom-controls" role="group" aria-label="Zoom">
      <button
        type="button"
        aria-label="Zoom out"
        title="Zoom out"
        onClick={() => void flow.zoomOut({ duration: travel() })}
      >
        <Icon name="minus" />
      </button>
      <button
        type="button"
        className="zoom-controls__percent"
        aria-label={`Zoom ${percent} %, set to 100 %`}
        title={`Zoom to 100 %${keyNote("view.actual-size")}`}
        onClick={() => void flow.zoomTo(1, { duration: travel() })}
      >
        {percent} %
      </button>
      <button
        type="button"
        aria-label="Zoom in"
        title="Zoom in"
        onClick={() => void flow.zoomIn({ duration: travel() })}
      >
        <Icon name="plus" />
      </button>
      <button
        type="button"
        aria-label="Fit to view"
        title={`Fit to view${keyNote("view.fit")}`}
        onClick={() => fit()}
      >
        <Icon name="maximize" />
      </button>
      <button
        type="button"
        aria-label="Keyboard shortcuts"
        title={`Keyboard shortcuts${keyNote("view.keys")}`}
        onClick={() => setUi({ dialog: "keys" })}
      >
        <Icon name="keyboard" />
      </button>
    </div>
  );
}
