import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { linter, setDiagnostics } from "@codemirror/lint";
import { Annotation, EditorState } from "@codemirror/state";
import type { Extension } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";

import { codeLook } from "../designer/widgets/codeLook.ts";
import { markOf, wrong } from "../designer/widgets/faultMarks.ts";
import type { Fault } from "./types.ts";

interface Props {
  path: string;
  text: string;
  faults: readonly Fault[];
  /** The line to go to, and the serial of the wish. */
  show: { readonly line: number; readonly serial: number } | null;
  onChange: (text: string) => void;
  onSave: () => void;
  onTest: () => void;
}

const fromOutside = Annotation.define<boolean>();
const languages: Readonly<Record<string, (() => Extension) | undefined>> = {
  py: () => python(),
  yml: () => yaml(),
  yaml: () => yaml(),
  json: () => json(),
};

/** One file in CodeMirror, in a shadow root as all editors are. Another file is another editor (`key`). */
export default function CodePane(props: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open", delegatesFocus: true });
    const ending = latest.current.path.split(".").pop() ?? "";
    const editor = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          indentUnit.of(ending === "py" ? "    " : "  "),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          codeLook,
          wrong,
          languages[ending]?.() ?? [],
          linter(null),
          EditorView.contentAttributes.of({ "aria-label": `Code of ${latest.current.path}` }),
          keymap.of([
            { key: "Mod-s", run: () => (latest.current.onSave(), true), preventDefault: true },
            { key: "Mod-Enter", run: () => (latest.current.onTest(), true) },
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...historyKeymap,
            // Escape then Tab leaves the editor, as CodeMirror's own documentation advises.
            indentWithTab,
          ]),
          EditorView.updateListener.of((update) => {
            const own = !update.transactions.some((each) => each.annotation(fromOutside));
            if (update.docChanged && own) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, []);

  const { text, faults, show } = props;
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === text) return;
    editor.dispatch({
      changes: { from: 0, to: editor.state.doc.length, insert: text },
      annotations: fromOutside.of(true),
    });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    editor.dispatch(
      setDiagnostics(
        editor.state,
        faults.map((fault) => markOf(editor.state, fault, "error")),
      ),
    );
  }, [faults]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !show) return;
    const { from } = editor.state.doc.line(Math.min(Math.max(1, show.line), editor.state.doc.lines));
    editor.dispatch({
      selection: { anchor: from },
      effects: EditorView.scrollIntoView(from, { y: "center" }),
    });
    editor.focus();
  }, [show]);

  return <div ref={host} className="authoring__editor" data-testid="code-editor" />;
}
