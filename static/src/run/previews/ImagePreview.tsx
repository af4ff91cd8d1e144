import "./image-preview.css";

import { useState } from "react";

import { fileUrl } from "../api";
import { formatCount } from "../format";
import { Icon } from "../Icon";
import { Note } from "../parts";
import type { PreviewProps } from "../PreviewCard";
import type { ImagePreview, ImagesPreview, PreviewImage } from "../types";
import { Lightbox } from "./Lightbox";

const size = (width?: number, height?: number) =>
  width !== undefined && height !== undefined ? `${formatCount(width)} × ${formatCount(height)} px` : "";

/** One picture, as wide as there is room for; a click shows it whole and lets people zoom. */
export function ImagePreviewBody({ preview, api, artifact, compact }: PreviewProps<ImagePreview>) {
  const [open, setOpen] = useState(false);
  const [broken, setBroken] = useState(false);
  const { path, width, height, format } = preview;
  if (typeof path !== "string" || path === "")
    return <Note icon="image" title="The picture was not found in this output" />;
  if (broken)
    return (
      <Note icon="image" title="The picture could not be shown">
        Download it to look at it in another program.
      </Note>
    );
  const url = fileUrl(api, artifact.id, path);
  const facts = [size(width, height), (format ?? "").toUpperCase()].filter((part) => part !== "").join(" · ");
  return (
    <figure className="image-preview" data-compact={compact || undefined}>
      <button type="button" onClick={() => setOpen(true)} aria-label={`Enlarge ${artifact.output}`}>
        <img
          src={url}
          alt={artifact.output}
          width={width}
          height={height}
          loading="lazy"
          decoding="async"
          onError={() => setBroken(true)}
        />
        <span className="image-enlarge">
          <Icon name="maximize" />
        </span>
      </button>
      {!compact && facts !== "" && <figcaption className="muted">{facts}</figcaption>}
      {open && <Lightbox images={[{ url, name: artifact.output }]} first={0} close={() => setOpen(false)} />}
    </figure>
  );
}

/** Thumbnails that came with the preview; the real files are fetched one at a time, when they are opened. */
export function ImagesPreviewBody({ preview, api, artifact, compact }: PreviewProps<ImagesPreview>) {
  const [opened, setOpened] = useState<number | null>(null);
  const images = (Array.isArray(preview.images) ? preview.images : []).filter(
    (image): image is PreviewImage => typeof (image as Partial<PreviewImage> | null)?.path === "string",
  );
  const total = preview.total ?? images.length;
  if (images.length === 0) return <Note icon="images" title="No pictures in this folder" />;
  const shown = compact ? images.slice(0, 8) : images;
  return (
    <div className="images-preview" data-compact={compact || undefined}>
      <ul>
        {shown.map((image, i) => (
          <li key={image.path}>
            <button
              type="button"
              title={`${image.path}\n${size(image.width, image.height)}`}
              aria-label={`Enlarge ${image.path}`}
              onClick={() => setOpened(i)}
            >
              {image.thumbnail?.startsWith("data:image/") ? (
                <img src={image.thumbnail} alt="" decoding="async" />
              ) : (
                <Icon name="image" />
              )}
            </button>
          </li>
        ))}
      </ul>
      <p className="images-foot muted">
        {formatCount(total)} {total === 1 ? "picture" : "pictures"}
        {total > shown.length && `, first ${formatCount(shown.length)} shown`}
      </p>
      {opened !== null && (
        <Lightbox
          images={images.map((image) => ({ url: fileUrl(api, artifact.id, image.path), name: image.path }))}
          first={opened}
          close={() => setOpened(null)}
        />
      )}
    </div>
  );
}
