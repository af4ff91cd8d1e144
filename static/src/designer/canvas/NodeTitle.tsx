import { useEffect, useRef } from "react";

import { renameNode } from "../actions/edit.ts";
import { focusNode } from "../actions/focus.ts";
import { setUi, useUi } from "../state/ui.ts";

/** A node's title; a text field while it is being renamed. */
export function NodeTitle({ id, title }: { id: string; title: string }) {
  const renaming = useUi((ui) => ui.renaming === id);
  const field = useRef<HTMLInputElement>(null);
  const cancelled = useRef(false);
  useEffect(() => {
    if (!renaming) return;
    cancelled.current = false;
    field.current?.focus();
    field.current?.select();
  }, [renaming]);
  if (!renaming) {
    return (
      <div className="step-node__title" title={title}>
        {title}
      </div>
    );
  }
  const done = () => {
    const value = field.current?.value.trim() ?? "";
    setUi({ renaming: null });
    if (!cancelled.current && value && value !== title) renameNode(id, value);
  };
  return (
    <input
      ref={field}
      className="step-node__rename nodrag nopan"
      defaultValue={title}
      aria-label="Title"
      maxLength={200}
      onBlur={done}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Enter" && event.key !== "Escape") return;
        cancelled.current = event.key === "Escape";
        event.preventDefault();
        event.currentTarget.blur();
        focusNode(id);
      }}
    />
  );
}
