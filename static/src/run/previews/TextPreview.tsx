import "./text-preview.css";

import { useState } from "react";

import { formatCount } from "../format";
import { Icon } from "../Icon";
import { CopyButton, Note } from "../parts";
import type { PreviewProps } from "../PreviewCard";
import type { TextPreview } from "../types";

export function TextPreviewBody({ preview, compact }: PreviewProps<TextPreview>) {
  const text = typeof preview.text === "string" ? preview.text : "";
  if (text === "") return <Note icon="file-text" title="The file is empty" />;
  return (
    <TextBlock
      text={text}
      truncated={preview.truncated === true}
      note="Only the beginning is shown. Download for all of it."
      compact={compact}
    />
  );
}

/** Text in one width of letters, wrapped or not. */
export function TextBlock({
  text,
  truncated,
  note,
  compact,
}: {
  text: string;
  truncated: boolean;
  note: string;
  compact: boolean;
}) {
  const [wrap, setWrap] = useState(false);
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return (
    <div className="text-preview" data-compact={compact || undefined}>
      {!compact && (
        <header className="text-tools">
          <span className="muted">
            {formatCount(lines)} {lines === 1 ? "line" : "lines"}
            {truncated && " shown"}
          </span>
          <button
            type="button"
            className="run-button plain"
            aria-pressed={wrap}
            aria-label="Wrap long lines"
            title="Wrap long lines"
            onClick={() => setWrap(!wrap)}
          >
            <Icon name="text-wrap" />
          </button>
          <CopyButton text={text} label="Copy the text" />
        </header>
      )}
      <pre tabIndex={0} role="region" aria-label="Text" data-wrap={wrap || undefined}>
        {compact ? text.slice(0, 1000) : text}
      </pre>
      {truncated && !compact && <p className="text-note">{note}</p>}
    </div>
  );
}
