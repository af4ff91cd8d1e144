import { Suspense, lazy } from "react";

import { showValue } from "../../graph/values.ts";
import type { WidgetProps } from "./Widget.tsx";

const CodeEditor = lazy(() => import("./CodeEditor.tsx"));

/** A code editor, loaded when the first one is shown. */
export function CodeWidget({ id, port, value, disabled, onCommit }: WidgetProps) {
  const text = showValue(value ?? port.default);
  const lines = Math.min(22, Math.max(4, text.split("\n").length + 1));
  return (
    <Suspense fallback={<pre className="code-field code-field--loading">{text}</pre>}>
      <CodeEditor
        key={id}
        value={text}
        language={port.language ?? "text"}
        label={port.label}
        field={port.name}
        lines={lines}
        readOnly={disabled}
        onChange={(next) => onCommit(next === showValue(port.default) ? null : next, true)}
      />
    </Suspense>
  );
}
