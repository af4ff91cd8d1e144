import type { Node, NodeProps } from "@xyflow/react";
import { useReactFlow } from "@xyflow/react";
import type { PointerEvent } from "react";
import { memo, useEffect, useRef, useState } from "react";

import { noteName } from "../../graph/connection.ts";
import { snap } from "../../graph/geometry.ts";
import type { Note } from "../../graph/types.ts";
import { focusNode } from "../actions/focus.ts";
import { countRender } from "../canvas/renders.ts";
import { NodeMenuButton } from "../canvas/NodeMenuButton.tsx";
import { sendField } from "../protocol/presence.ts";
import { useDoc } from "../state/doc.ts";
import { usePresence } from "../state/presence.ts";
import { setUi, useUi } from "../state/ui.ts";
import { SMALLEST, resizeNote, setText } from "./actions.ts";
import { markdown } from "./markdown.ts";

export interface NoteData extends Record<string, unknown> {
  note: Note;
}

/** A sticky note, beneath the nodes. */
export const NoteNode = memo(
  function NoteNode({ id, data: { note }, selected }: NodeProps<Node<NoteData, "note">>) {
    countRender(id);
    const editing = useUi((ui) => ui.renaming === id);
    const editable = useDoc((doc) => doc.editable);
    const peer = usePresence((state) => state.byNode[id]);
    const writer = usePresence(
      (state) => Object.values(state.peers).find((each) => each.field === `${id}.text`)?.user,
    );
    const [size, setSize] = useState<{ width: number; height: number } | null>(null);
    return (
      <div
        className={`note-node tint--${note.color}${selected ? " is-selected" : ""}`}
        data-testid={`node-${id}`}
        data-peer={peer?.name}
        style={{ ...(size ?? {}), ...(peer ? { "--peer": peer.color } : {}) }}
      >
        {editing && editable ? (
          <NoteText id={id} text={note.text} />
        ) : note.text.trim() ? (
          // What markdown() gives has no HTML of the author's in it.
          <div className="note-node__text" dangerouslySetInnerHTML={{ __html: markdown(note.text) }} />
        ) : (
          <p className="note-node__empty">{editable ? "Double-click to write" : "Empty note"}</p>
        )}
        <NodeMenuButton id={id} title={noteName(note)} />
        {editable && selected && <Corner id={id} note={note} onSize={setSize} />}
        {writer && (
          <span className="step-node__peer" style={{ "--peer": writer.color }}>
            {writer.name} writes
          </span>
        )}
        {peer && !writer && <span className="step-node__peer">{peer.name}</span>}
      </div>
    );
  },
  (before, after) => before.data === after.data && before.selected === after.selected,
);

function NoteText({ id, text }: { id: string; text: string }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const cancelled = useRef(false);
  useEffect(() => {
    field.current?.focus({ preventScroll: true });
    field.current?.setSelectionRange(text.length, text.length);
    sendField(`${id}.text`);
    return () => sendField(null);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, when writing begins
  }, []);
  return (
    <textarea
      ref={field}
      className="note-node__field nodrag nopan nowheel"
      aria-label="Text of the note, in Markdown"
      placeholder="Write in Markdown: # title, **bold**, - list"
      defaultValue={text}
      maxLength={20_000}
      onBlur={(event) => {
        setUi({ renaming: null });
        if (!cancelled.current) setText(id, event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        const done = event.key === "Enter" && (event.ctrlKey || event.metaKey);
        if (event.key !== "Escape" && !done) return;
        event.preventDefault();
        event.currentTarget.blur();
        focusNode(id);
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    />
  );
}

/** The corner by which a note is made larger; Ctrl and arrows do the same. */
function Corner({
  id,
  note,
  onSize,
}: {
  id: string;
  note: Note;
  onSize: (size: { width: number; height: number } | null) => void;
}) {
  const flow = useReactFlow();
  const start = useRef<{ x: number; y: number } | null>(null);
  const sized = (event: PointerEvent) => {
    const zoom = flow.getZoom();
    return {
      width: Math.max(SMALLEST.width, snap(note.width + (event.clientX - start.current!.x) / zoom)),
      height: Math.max(SMALLEST.height, snap(note.height + (event.clientY - start.current!.y) / zoom)),
    };
  };
  return (
    <span
      className="note-node__corner nodrag nopan"
      title="Drag to resize (Ctrl and arrows)"
      data-testid={`resize-${id}`}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, y: event.clientY };
      }}
      onPointerMove={(event) => start.current && onSize(sized(event))}
      onPointerUp={(event) => {
        if (!start.current) return;
        const { width, height } = sized(event);
        start.current = null;
        onSize(null);
        resizeNote(id, width, height);
      }}
    />
  );
}
