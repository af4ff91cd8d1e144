import "./export.css";

import { useEffect, useState } from "react";

import { ApiError } from "../../lib/api.ts";
import { Icon } from "../../lib/Icon.tsx";
import { app } from "../app.ts";
import { Dialog } from "./Dialog.tsx";
import { PictureExport } from "./PictureExport.tsx";

/** What a format would make of the draft: with losses there is no export. */
interface Check {
  readonly format: string;
  readonly title: string;
  readonly description: string;
  readonly losses: readonly string[];
  readonly warnings: readonly string[];
}

/** The pipeline for another engine: every format with what is lost or weaker there, before the download. */
export default function ExportDialog() {
  const [checks, setChecks] = useState<readonly Check[] | null>(null);
  const [fault, setFault] = useState("");
  const { api, boot, session } = app();
  const address = `pipelines/${boot.pipeline?.id}/export/`;

  useEffect(() => {
    const load = async () => {
      try {
        await session?.flush();
        setChecks(await api.get<readonly Check[]>(`${address}check/`));
      } catch (error) {
        setFault(error instanceof ApiError ? error.message : String(error));
      }
    };
    void load();
  }, [api, address, session]);

  return (
    <Dialog title="Export">
      <div className="run-form">
        <p className="modal__text">
          The pipeline as it is now, for an engine of your own: pipeline components are laid open, and the
          code of the steps is inside.
        </p>
        {fault && (
          <p className="param__error" role="alert">
            <Icon name="triangle-alert" size={12} />
            {fault}
          </p>
        )}
        {checks === null && !fault && <p aria-busy="true">Looking at what each format can express…</p>}
        <ul className="exports">
          {checks?.map((check) => (
            <Format key={check.format} check={check} href={`${api.base}${address}?format=${check.format}`} />
          ))}
        </ul>
        <PictureExport />
      </div>
    </Dialog>
  );
}

function Format({ check, href }: { check: Check; href: string }) {
  const possible = check.losses.length === 0;
  return (
    <li className="export" data-testid={`export-${check.format}`}>
      <div className="export__head">
        <h3>{check.title}</h3>
        {possible ? (
          <a className="btn" href={href} download aria-label={`Download for ${check.title}`}>
            <Icon name="download" size={14} />
            Download
          </a>
        ) : (
          <span className="export__refused">Not possible</span>
        )}
      </div>
      <p className="param__help">{check.description}</p>
      <Sentences icon="octagon-x" label="Cannot be expressed" of={check.losses} tone="loss" />
      {possible && <Sentences icon="triangle-alert" label="Other there" of={check.warnings} tone="warning" />}
    </li>
  );
}

function Sentences(props: { icon: string; label: string; of: readonly string[]; tone: string }) {
  if (props.of.length === 0) return null;
  return (
    <ul className={`export__said export__said--${props.tone}`} aria-label={props.label}>
      {props.of.map((sentence) => (
        <li key={sentence}>
          <Icon name={props.icon} size={12} />
          {sentence}
        </li>
      ))}
    </ul>
  );
}
