/** Faults in an editor: a wavy line from where the fault is to the end of its line. */

import type { Diagnostic } from "@codemirror/lint";
import type { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

interface Place {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

// The underlines that CodeMirror draws are images in the style sheet, which the content security policy forbids.
export const wrong = EditorView.theme({
  "&": { height: "100%" },
  ".cm-lintRange": { backgroundImage: "none", paddingBottom: "0" },
  ".cm-lintRange-error": { textDecoration: "underline wavy var(--status-failed)" },
  ".cm-lintRange-warning": { textDecoration: "underline wavy var(--status-warning)" },
  ".cm-diagnostic": { maxWidth: "52ch", font: "400 12px/1.5 var(--font)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--status-failed)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--status-warning)" },
});

/** From where the fault is to the end of its line. */
export function markOf(state: EditorState, fault: Place, severity: "error" | "warning"): Diagnostic {
  const line = state.doc.line(Math.min(Math.max(1, fault.line), state.doc.lines));
  const from = Math.min(line.from + fault.column - 1, line.to);
  return { from, to: Math.max(from, line.to), severity, message: fault.message };
}
