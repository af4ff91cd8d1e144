import { artifactUrl } from "./api";
import { Icon } from "./Icon";
import type { Artifact } from "./types";

/** Gets an output's content, or says that it was given up. */
export function DownloadButton({ api, artifact, label }: { api: string; artifact: Artifact; label: string }) {
  if (artifact.evicted === true)
    return (
      <span
        className="run-chip"
        title="The content was deleted to free space. Run the step again to make it anew."
      >
        evicted
      </span>
    );
  return (
    <a
      className="run-button plain"
      href={artifactUrl(api, artifact.id, "download/")}
      download
      title={`Download ${label}`}
      aria-label={`Download ${label}`}
    >
      <Icon name="download" />
    </a>
  );
}
