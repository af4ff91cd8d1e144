import "./html-preview.css";

import { fileUrl } from "../api";
import { Icon } from "../Icon";
import { Note } from "../parts";
import type { PreviewProps } from "../PreviewCard";
import type { HtmlPreview } from "../types";

/** A page that a step wrote, in a frame where no script runs. */
export function HtmlPreviewBody({ preview, api, artifact, compact }: PreviewProps<HtmlPreview>) {
  if (typeof preview.path !== "string" || preview.path === "")
    return <Note icon="globe" title="The page was not found in this output" />;
  const url = fileUrl(api, artifact.id, preview.path);
  return (
    <div className="html-preview" data-compact={compact || undefined}>
      <iframe src={url} sandbox="" loading="lazy" referrerPolicy="no-referrer" title={artifact.output} />
      {!compact && (
        <footer>
          <span className="muted">Shown without scripts.</span>
          <a className="run-button" href={url} target="_blank" rel="noopener noreferrer">
            <Icon name="external-link" /> Open in a new tab
          </a>
        </footer>
      )}
    </div>
  );
}
