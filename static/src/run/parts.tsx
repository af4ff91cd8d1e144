import "./base.css";

import { Component, type ReactNode, useEffect, useState } from "react";

import { Icon } from "./Icon";

const WIDTHS = ["72%", "94%", "88%", "61%", "80%", "45%"];

/** Grey lines where something is about to be. */
export function Skeleton({ lines = 4, label = "Loading" }: { lines?: number; label?: string }) {
  return (
    <div className="run-skeleton" role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} style={{ width: WIDTHS[i % WIDTHS.length] }} />
      ))}
    </div>
  );
}

/** An empty or failed place, said in words, with what can be done about it. */
export function Note({
  icon,
  title,
  children,
  action,
  failed = false,
}: {
  icon: string;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  failed?: boolean;
}) {
  const className = `run-note${failed ? " failed" : ""}`;
  return (
    <div className={className} role={failed ? "alert" : undefined}>
      <Icon name={icon} />
      <div>
        <strong>{title}</strong>
        {children !== undefined && <p>{children}</p>}
      </div>
      {action}
    </div>
  );
}

export function Failed({ title, message, retry }: { title: string; message: string; retry: () => void }) {
  return (
    <Note
      icon="circle-alert"
      title={title}
      failed
      action={
        <button type="button" className="run-button" onClick={retry}>
          <Icon name="refresh-cw" /> Try again
        </button>
      }
    >
      {message}
    </Note>
  );
}

export function CopyButton({
  text,
  label,
  iconOnly = true,
}: {
  text: string | (() => string);
  label: string;
  iconOnly?: boolean;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    copyText(typeof text === "function" ? text() : text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  const said = copied ? "Copied" : label;
  return (
    <button type="button" className="run-button plain" onClick={copy} title={said} aria-label={said}>
      <Icon name={copied ? "check" : "copy"} />
      {!iconOnly && said}
    </button>
  );
}

/** Plain http pages have no clipboard API, and many self-hosted ones are plain http. */
async function copyText(text: string): Promise<void> {
  if (window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without a secure context
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("copying was refused");
}

interface BoundaryProps {
  children: ReactNode;
  fallback: ReactNode;
}

/** A preview made of a step's own data must never take the page with it. */
export class Boundary extends Component<BoundaryProps, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? this.props.fallback : this.props.children;
  }
}
