import { useRef, useState } from "react";

import { Icon } from "../../lib/Icon.tsx";
import { uploadFiles } from "../actions/assets.ts";
import { canvasPane, placeAt } from "../actions/focus.ts";

/** The starter for those who bring their own data: files are uploaded and stand at the left of the canvas. */
export function OwnFile() {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const upload = async (files: FileList | null) => {
    if (!files?.length) return;
    setBusy(true);
    const box = canvasPane()?.getBoundingClientRect();
    // A pipeline grows to the right of its data.
    const at = box ? placeAt({ x: box.left + 140, y: box.top + box.height / 2 - 120 }) : null;
    await uploadFiles([...files], { at });
    setBusy(false);
    if (input.current) input.current.value = "";
  };
  return (
    <>
      <button type="button" disabled={busy} onClick={() => input.current?.click()}>
        <Icon name="upload" size={20} />
        <strong>{busy ? "Uploading…" : "Use your own data"}</strong>
        <span>Upload a CSV or Parquet file, images or text, and build on it</span>
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to begin with"
        onChange={(event) => void upload(event.target.files)}
      />
    </>
  );
}
