import "./lightbox.css";

import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";

import { Icon } from "../Icon";

interface Props {
  images: { url: string; name: string }[];
  first: number;
  close: () => void;
}

interface Place {
  zoom: number;
  x: number;
  y: number;
}

const FIT: Place = { zoom: 1, x: 0, y: 0 };
const MOST = 16;
const clamp = (zoom: number) => Math.min(MOST, Math.max(1, zoom));

/** A picture over the whole window: wheel or + and − zoom, dragging moves, arrows go to the next. */
export function Lightbox({ images, first, close }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const drag = useRef<{ x: number; y: number } | null>(null);
  const [at, setAt] = useState(first);
  const [place, setPlace] = useState(FIT);
  const [state, setState] = useState<"loading" | "shown" | "broken">("loading");
  const image = images[at] ?? images[0]!;

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    element?.querySelector<HTMLElement>(".lightbox-stage")?.focus();
    return () => element?.close();
  }, []);

  const zoom = (factor: number) =>
    setPlace((p) => {
      const next = clamp(p.zoom * factor);
      const share = next / p.zoom;
      return next === 1 ? FIT : { zoom: next, x: p.x * share, y: p.y * share };
    });
  const go = (step: number) => {
    if (images.length < 2) return;
    setAt((at + step + images.length) % images.length);
    setPlace(FIT);
    setState("loading");
  };

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation(); // the canvas below has keys of its own
    const actions: Record<string, () => void> = {
      "+": () => zoom(1.5),
      "=": () => zoom(1.5),
      "-": () => zoom(1 / 1.5),
      "0": () => setPlace(FIT),
      ArrowRight: () => go(1),
      ArrowLeft: () => go(-1),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  const onPointerDown = (event: PointerEvent) => {
    if (place.zoom === 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX - place.x, y: event.clientY - place.y };
  };
  const onPointerMove = (event: PointerEvent) => {
    const from = drag.current;
    if (from) setPlace((p) => ({ ...p, x: event.clientX - from.x, y: event.clientY - from.y }));
  };

  return createPortal(
    <dialog
      ref={dialog}
      className="run-ui lightbox"
      aria-label={image.name}
      onClose={close}
      onKeyDown={onKeyDown}
    >
      <header>
        <strong>{image.name}</strong>
        {images.length > 1 && (
          <span className="muted">
            {at + 1} of {images.length}
          </span>
        )}
        <span className="lightbox-tools">
          <Tool icon="zoom-out" label="Zoom out" onClick={() => zoom(1 / 1.5)} disabled={place.zoom <= 1} />
          <button type="button" className="run-button plain" title="Fit" onClick={() => setPlace(FIT)}>
            {Math.round(place.zoom * 100)}%
          </button>
          <Tool icon="zoom-in" label="Zoom in" onClick={() => zoom(1.5)} disabled={place.zoom >= MOST} />
          <a
            className="run-button plain"
            href={image.url}
            target="_blank"
            rel="noopener noreferrer"
            title="Open in a new tab"
            aria-label="Open in a new tab"
          >
            <Icon name="external-link" />
          </a>
          <Tool icon="x" label="Close" onClick={() => dialog.current?.close()} />
        </span>
      </header>
      <div
        className="lightbox-stage"
        tabIndex={-1}
        data-zoomed={place.zoom > 1 || undefined}
        onWheel={(event) => zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2)}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={() => (drag.current = null)}
        onPointerCancel={() => (drag.current = null)}
        onDoubleClick={() => (place.zoom > 1 ? setPlace(FIT) : zoom(3))}
        onClick={(event) => {
          if (event.target === event.currentTarget && place.zoom === 1) dialog.current?.close();
        }}
      >
        {state === "broken" ? (
          <p>The picture could not be loaded.</p>
        ) : (
          <img
            key={image.url}
            src={image.url}
            alt={image.name}
            draggable={false}
            data-state={state}
            onLoad={() => setState("shown")}
            onError={() => setState("broken")}
            style={{ transform: `translate(${place.x}px, ${place.y}px) scale(${place.zoom})` }}
          />
        )}
      </div>
      {images.length > 1 && (
        <>
          <span className="lightbox-previous">
            <Tool icon="chevron-left" label="Previous picture" onClick={() => go(-1)} />
          </span>
          <span className="lightbox-next">
            <Tool icon="chevron-right" label="Next picture" onClick={() => go(1)} />
          </span>
        </>
      )}
    </dialog>,
    document.body,
  );
}

function Tool(props: { icon: string; label: string; onClick: () => void; disabled?: boolean }) {
  return (
    <button
      type="button"
      className="run-button plain"
      title={props.label}
      aria-label={props.label}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  );
}
