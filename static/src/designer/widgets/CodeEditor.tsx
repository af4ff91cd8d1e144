import { autocompletion, closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { sql } from "@codemirror/lang-sql";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import type { Extension } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";

import { codeLook } from "./codeLook.ts";

interface Props {
  value: string;
  language: string;
  label: string;
  field: string;
  lines: number;
  readOnly: boolean;
  onChange: (text: string) => void;
}

const AFTER_TYPING = 700;

const languages: Readonly<Record<string, () => Extension>> = { python, sql: () => sql(), json };

/** CodeMirror in a shadow root: there its styles are adopted sheets, which a strict content security policy lets through. */
export default function CodeEditor({ value, language, label, field, lines, readOnly, onChange }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const change = useRef(onChange);
  const sent = useRef(value);
  useEffect(() => {
    change.current = onChange;
  }, [onChange]);

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open", delegatesFocus: true });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const commit = () => {
      clearTimeout(timer);
      const text = view.current?.state.doc.toString() ?? "";
      if (text === sent.current) return;
      sent.current = text;
      change.current(text);
    };
    const editor = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: sent.current,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          indentUnit.of("    "),
          bracketMatching(),
          closeBrackets(),
          autocompletion(),
          highlightActiveLine(),
          codeLook,
          languages[language]?.() ?? [],
          EditorState.readOnly.of(readOnly),
          EditorView.editable.of(!readOnly),
          EditorView.contentAttributes.of({ "aria-label": label }),
          // Escape then Tab leaves the editor, as CodeMirror's own documentation advises.
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            clearTimeout(timer);
            timer = setTimeout(commit, AFTER_TYPING);
          }),
          EditorView.domEventHandlers({ blur: commit }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      commit();
      editor.destroy();
      view.current = null;
    };
  }, [language, label, readOnly]);

  // Somebody else's text replaces ours, unless ours is what they answer.
  useEffect(() => {
    const editor = view.current;
    if (!editor || value === sent.current) return;
    sent.current = value;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  return <div ref={host} className="code-field" data-field={field} style={{ "--lines": lines }} />;
}
