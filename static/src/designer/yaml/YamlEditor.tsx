import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, indentOnInput, indentUnit } from "@codemirror/language";
import { linter, setDiagnostics } from "@codemirror/lint";
import { Annotation, Compartment, EditorState, StateEffect, StateField } from "@codemirror/state";
import type { DecorationSet } from "@codemirror/view";
import {
  Decoration,
  EditorView,
  drawSelection,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { useEffect, useRef } from "react";

import { codeLook } from "../widgets/codeLook.ts";
import { markOf, wrong } from "../widgets/faultMarks.ts";
import { changeBetween, jobPlaces } from "./jobs.ts";
import type { Fault } from "./yamlStore.ts";

interface Props {
  value: string;
  faults: readonly Fault[];
  warnings: readonly Fault[];
  readOnly: boolean;
  /** Where to scroll to, and the serial of the wish. */
  show: { readonly offset: number; readonly serial: number } | null;
  /** The selected node: the lines of its job are marked. */
  job: string | null;
  focus: boolean;
  onChange: (text: string) => void;
  onApply: () => void;
  onLeave: () => void;
  onCursor: (offset: number) => void;
}

const fromOutside = Annotation.define<boolean>();

const chosenJob = EditorView.theme({ ".cm-job": { boxShadow: "inset 3px 0 0 var(--accent)" } });

const chooseJob = StateEffect.define<string | null>();
const ofJob = Decoration.line({ class: "cm-job" });

/** Marks the lines of the chosen job, as the text changes too. */
const jobLines = StateField.define<{ id: string | null; marks: DecorationSet }>({
  create: () => ({ id: null, marks: Decoration.none }),
  update(before, transaction) {
    const chosen = transaction.effects.find((effect) => effect.is(chooseJob));
    if (!chosen && !transaction.docChanged) return before;
    const id = chosen ? chosen.value : before.id;
    return { id, marks: linesOf(transaction.state, id) };
  },
  provide: (field) => EditorView.decorations.from(field, ({ marks }) => marks),
});

function linesOf(state: EditorState, id: string | null): DecorationSet {
  const job = id === null ? undefined : jobPlaces(state.doc.toString()).find((each) => each.id === id);
  if (!job) return Decoration.none;
  const first = state.doc.lineAt(job.from).number;
  const last = state.doc.lineAt(Math.max(job.from, job.to - 1)).number;
  const lines = Array.from({ length: last - first + 1 }, (_, index) => state.doc.line(first + index).from);
  return Decoration.set(lines.map((from) => ofJob.range(from)));
}

/** CodeMirror in a shadow root, as the editor of a parameter: its styles are adopted sheets there. */
export default function YamlEditor(props: Props) {
  const { value, faults, warnings, readOnly, show, job, focus } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  const mayType = useRef(new Compartment());
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open", delegatesFocus: true });
    const editor = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          lineNumbers(),
          foldGutter(),
          history(),
          drawSelection(),
          indentOnInput(),
          indentUnit.of("  "),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          EditorView.lineWrapping,
          codeLook,
          wrong,
          chosenJob,
          yaml(),
          linter(null),
          jobLines,
          mayType.current.of(typing(latest.current.readOnly)),
          EditorView.contentAttributes.of({ "aria-label": "The pipeline as YAML" }),
          keymap.of([
            { key: "Mod-Enter", run: () => (latest.current.onApply(), true), stopPropagation: true },
            { key: "Escape", run: () => (latest.current.onLeave(), true), stopPropagation: true },
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...historyKeymap,
            indentWithTab,
          ]),
          EditorView.updateListener.of((update) => {
            const own = !update.transactions.some((each) => each.annotation(fromOutside));
            if (update.docChanged && own) latest.current.onChange(update.state.doc.toString());
            if (update.transactions.some((each) => each.isUserEvent("select")))
              latest.current.onCursor(update.state.selection.main.head);
          }),
        ],
      }),
    });
    view.current = editor;
    if (latest.current.focus) editor.focus();
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: mayType.current.reconfigure(typing(readOnly)) });
  }, [readOnly]);

  useEffect(() => {
    if (focus) view.current?.focus();
  }, [focus]);

  useEffect(() => {
    const editor = view.current;
    const text = editor?.state.doc.toString();
    if (!editor || text === undefined || text === value) return;
    editor.dispatch({ changes: changeBetween(text, value), annotations: fromOutside.of(true) });
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: chooseJob.of(job) });
  }, [job]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const marks = [
      ...faults.map((fault) => markOf(editor.state, fault, "error")),
      ...warnings.map((fault) => markOf(editor.state, fault, "warning")),
    ];
    editor.dispatch(setDiagnostics(editor.state, marks));
  }, [faults, warnings]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !show) return;
    const anchor = Math.min(show.offset, editor.state.doc.length);
    editor.dispatch({
      selection: { anchor },
      effects: EditorView.scrollIntoView(anchor, { y: "start", yMargin: 40 }),
    });
  }, [show]);

  return <div ref={host} className="yaml-editor" data-testid="yaml-editor" />;
}

const typing = (readOnly: boolean) => [EditorState.readOnly.of(readOnly), EditorView.editable.of(!readOnly)];
