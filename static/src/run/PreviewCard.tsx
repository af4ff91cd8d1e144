import "./base.css";
import "./preview-card.css";

import { lazy, Suspense } from "react";

import { artifactUrl, useJson } from "./api";
import { Icon } from "./Icon";
import { Boundary, Failed, Note, Skeleton } from "./parts";
import { FilePreviewBody } from "./previews/FilePreview";
import { FolderPreviewBody } from "./previews/FolderPreview";
import { HtmlPreviewBody } from "./previews/HtmlPreview";
import { ImagePreviewBody, ImagesPreviewBody } from "./previews/ImagePreview";
import { JsonPreviewBody } from "./previews/JsonPreview";
import { MetricsPreviewBody } from "./previews/MetricsPreview";
import { ModelPreviewBody } from "./previews/ModelPreview";
import { TablePreviewBody } from "./previews/TablePreview";
import { TextPreviewBody } from "./previews/TextPreview";
import type { Artifact, Preview } from "./types";

// Vega is several times the size of everything else here: it comes with the first chart.
const ChartPreviewBody = lazy(() => import("./previews/ChartPreview"));

export interface PreviewProps<P extends Preview> {
  api: string;
  artifact: Artifact;
  preview: P;
  compact: boolean;
}

/** One artifact's preview, whatever its kind; `compact` for places the size of a node. */
export function PreviewCard({
  api,
  artifact,
  compact = false,
}: {
  api: string;
  artifact: Artifact;
  compact?: boolean;
}) {
  const [loaded, retry] = useJson<Preview | null>(artifactUrl(api, artifact.id, "preview/"), {
    immutable: true,
  });
  return (
    <div className="run-ui preview" data-kind={artifact.kind} data-compact={compact || undefined}>
      {loaded.state === "loading" && (
        <Skeleton lines={compact ? 3 : 6} label={`Loading the preview of ${artifact.output}`} />
      )}
      {loaded.state === "failed" && (
        <Failed title="The preview could not be loaded" message={loaded.message} retry={retry} />
      )}
      {loaded.state === "ready" && (
        <Boundary key={artifact.id} fallback={<Unreadable api={api} artifact={artifact} />}>
          <Suspense fallback={<Skeleton lines={compact ? 3 : 6} label="Loading the chart" />}>
            <Body api={api} artifact={artifact} preview={loaded.value} compact={compact} />
          </Suspense>
        </Boundary>
      )}
    </div>
  );
}

function Body({
  preview,
  ...rest
}: {
  api: string;
  artifact: Artifact;
  preview: Preview | null;
  compact: boolean;
}) {
  switch (preview?.kind) {
    case "table":
      return <TablePreviewBody preview={preview} {...rest} />;
    case "chart":
      return <ChartPreviewBody preview={preview} {...rest} />;
    case "metrics":
      return <MetricsPreviewBody preview={preview} {...rest} />;
    case "json":
      return <JsonPreviewBody preview={preview} {...rest} />;
    case "image":
      return <ImagePreviewBody preview={preview} {...rest} />;
    case "images":
      return <ImagesPreviewBody preview={preview} {...rest} />;
    case "text":
      return <TextPreviewBody preview={preview} {...rest} />;
    case "html":
      return <HtmlPreviewBody preview={preview} {...rest} />;
    case "model":
      return <ModelPreviewBody preview={preview} {...rest} />;
    case "folder":
      return <FolderPreviewBody preview={preview} {...rest} />;
    case "file":
      return <FilePreviewBody preview={preview} {...rest} />;
    default:
      return <Unreadable {...rest} />;
  }
}

function Unreadable({ api, artifact }: { api: string; artifact: Artifact }) {
  return (
    <Note
      icon="file"
      title="This output cannot be shown here"
      action={
        <a className="run-button" href={artifactUrl(api, artifact.id, "download/")} download>
          <Icon name="download" /> Download
        </a>
      }
    >
      What the step wrote does not have the shape of its kind. The file itself is whole.
    </Note>
  );
}
