import { CopyButton, Note } from "../parts";
import type { PreviewProps } from "../PreviewCard";
import type { JsonPreview } from "../types";
import { JsonTree } from "./JsonTree";
import { TextBlock } from "./TextPreview";

export function JsonPreviewBody({ preview, artifact, compact }: PreviewProps<JsonPreview>) {
  const { value, text } = preview;
  if (value === undefined && typeof text === "string")
    return (
      <TextBlock
        text={text}
        truncated
        note="Too large for a tree: the beginning as text."
        compact={compact}
      />
    );
  if (value === undefined) return <Note icon="braces" title="No value was written" />;
  return (
    <div className="json-preview">
      {!compact && (
        <span className="json-copy">
          <CopyButton text={() => JSON.stringify(value, null, 2)} label="Copy the JSON" />
        </span>
      )}
      <JsonTree value={value} label={artifact.output} />
    </div>
  );
}
