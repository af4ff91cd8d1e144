import { autocompletion, closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { sql } from "@codemirror/lang-sql";
import {
  HighlightStyle,
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import type { Extension } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";

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

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--ink-muted)", fontStyle: "italic" },
  { tag: [tags.function(tags.variableName), tags.definition(tags.variableName)], color: "var(--code-name)" },
]);

const theme = EditorView.theme({
  "&": { fontSize: "12px", color: "var(--ink)", backgroundColor: "var(--surface-card)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.5" },
  ".cm-gutters": { backgroundColor: "var(--surface-sunken)", color: "var(--ink-muted)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--surface-hover)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--accent-soft)" },
  ".cm-tooltip": {
    backgroundColor: "var(--surface-raised)",
    border: "1px solid var(--border)",
    color: "var(--ink)",
  },
});

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
          syntaxHighlighting(colours),
          theme,
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
