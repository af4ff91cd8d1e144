import "./file-preview.css";

import { artifactUrl } from "../api";
import { Icon } from "../Icon";
import type { PreviewProps } from "../PreviewCard";
import type { FilePreview } from "../types";

const ICONS: [RegExp, string][] = [
  [/^image\//, "file-image"],
  [/zip|tar|gzip|compressed|7z/, "file-archive"],
  [/^text\/|pdf|document/, "file-text"],
  [/json|xml|script|yaml/, "file-code"],
  [/csv|sheet|excel|parquet|arrow/, "file-spreadsheet"],
];

/** A file that has nothing to show but itself. */
export function FilePreviewBody({ preview, api, artifact }: PreviewProps<FilePreview>) {
  const mime = typeof preview.mime === "string" ? preview.mime : "";
  const icon = ICONS.find(([pattern]) => pattern.test(mime))?.[1] ?? "file";
  return (
    <div className="file-preview">
      <span className="file-tile">
        <Icon name={icon} />
      </span>
      <div className="file-facts">
        <strong>{artifact.output}</strong>
        <span className="muted">{mime === "" ? "Unknown type" : mime}</span>
      </div>
      <a className="run-button" href={artifactUrl(api, artifact.id, "download/")} download>
        <Icon name="download" /> Download
      </a>
    </div>
  );
}
