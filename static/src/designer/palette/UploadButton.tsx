import { useRef, useState } from "react";

import { Icon } from "../../lib/Icon.tsx";
import { uploadFiles } from "../actions/assets.ts";
import { useDoc } from "../state/doc.ts";

export function UploadButton() {
  const editable = useDoc((doc) => doc.editable);
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const upload = async (files: FileList | null) => {
    if (!files?.length) return;
    setBusy(true);
    await uploadFiles([...files]);
    setBusy(false);
    if (input.current) input.current.value = "";
  };
  return (
    <>
      <button
        type="button"
        className="btn palette__upload"
        disabled={busy || !editable}
        onClick={() => input.current?.click()}
      >
        <Icon name="upload" size={14} />
        {busy ? "Uploading…" : "Upload data"}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to upload"
        onChange={(event) => void upload(event.target.files)}
      />
    </>
  );
}
