import { useEffect, useRef, useState } from "react";

import type { InputPort } from "../graph/types.ts";
import type { Api } from "../lib/api.ts";
import { Icon } from "../lib/Icon.tsx";
import { type OpenRunSocket, openRunSocket } from "../run/runSocket.ts";
import { StepPanel } from "../run/StepPanel.tsx";
import type { StepState } from "../run/types.ts";
import type { Asset, Boot, Draft, TestInputs, Value } from "./types.ts";
import { sentence } from "./useDraft.ts";

interface Props {
  api: Api;
  boot: Boot;
  draft: Draft;
  onTest: (test: TestInputs) => void;
  flush: () => Promise<void>;
  /** Changes when somebody asks for a run by key. */
  asked: number;
}

interface Told {
  id: number;
  steps: Record<string, StepState> | StepState[];
}

const DATA = new Set(["uri_file", "uri_folder", "mltable", "mlflow_model", "custom_model", "triton_model"]);

/** A real run of one step, on inputs that are chosen here, with its log and its outputs in place. */
export function TestPane({ api, boot, draft, onTest, flush, asked }: Props) {
  const [assets, setAssets] = useState<readonly Asset[]>([]);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const face = draft.interface;
  const given = draft.test.inputs ?? {};
  // An upload ends later than what is typed meanwhile: what is newest counts.
  const test = useRef(draft.test);
  useEffect(() => {
    test.current = draft.test;
  }, [draft.test]);
  const set = (name: string, value: Value) => {
    test.current = { ...test.current, inputs: { ...test.current.inputs, [name]: value } };
    onTest(test.current);
  };

  useEffect(() => {
    api.get<{ results: Asset[] }>("data/").then(
      (page) => setAssets(page.results),
      () => undefined,
    );
  }, [api]);

  const upload = async (name: string, file: File) => {
    const form = new FormData();
    form.set("file", file);
    try {
      const made = await api.post<Asset>("data/", form);
      setAssets((before) => [made, ...before.filter((each) => each.ref !== made.ref)]);
      set(name, made.ref);
      setError("");
    } catch (problem) {
      setError(`${file.name}: ${sentence(problem)}`);
    }
  };

  const run = async () => {
    setBusy(true);
    setError("");
    try {
      await flush();
      const known = new Set(face?.inputs.map((port) => port.name));
      const inputs = Object.fromEntries(Object.entries(given).filter(([name]) => known.has(name)));
      const made = await api.post<{ id: number }>(`component-drafts/${draft.id}/test/`, {
        inputs,
        request_id: crypto.randomUUID(),
      });
      onTest({ ...test.current, run: made.id });
    } catch (problem) {
      setError(sentence(problem));
    }
    setBusy(false);
  };
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (asked > 0) void latest.current();
  }, [asked]);

  return (
    <section className="authoring__test" aria-label="Test">
      <header>
        <h2>Try it</h2>
        <button
          type="button"
          className="button primary small"
          disabled={!face || busy}
          onClick={() => void run()}
        >
          <Icon name="play" size={14} />
          {busy ? "Starting…" : "Test run"}
        </button>
      </header>
      {error && (
        <p className="form-error" role="alert">
          {error}
        </p>
      )}
      {face && face.inputs.length > 0 && (
        <div className="authoring__inputs">
          {face.inputs.map((port) => (
            <Field
              key={port.name}
              port={port}
              value={given[port.name] ?? null}
              assets={assets}
              onChange={(value) => set(port.name, value)}
              onUpload={(file) => void upload(port.name, file)}
            />
          ))}
        </div>
      )}
      {draft.test.run !== undefined && (
        <Outcome
          key={draft.test.run}
          api={api}
          boot={boot}
          run={draft.test.run}
          labels={Object.fromEntries(face?.outputs.map((port) => [port.name, port.label]) ?? [])}
        />
      )}
    </section>
  );
}

interface FieldProps {
  port: InputPort;
  value: Value;
  assets: readonly Asset[];
  onChange: (value: Value) => void;
  onUpload: (file: File) => void;
}

function Field({ port, value, assets, onChange, onUpload }: FieldProps) {
  const id = `test-${port.name}`;
  const shown = value === null ? "" : String(value);
  const fallback = port.default === null ? (port.optional ? "optional" : "") : String(port.default);
  return (
    <div className="field">
      <label htmlFor={id}>
        {port.label}
        {!port.optional && <span className="badge accent">required</span>}
      </label>
      {DATA.has(port.type) ? (
        <div className="authoring__data">
          <select
            id={id}
            className="input"
            value={shown}
            onChange={(event) => onChange(event.target.value || null)}
          >
            <option value="">{assets.length ? "Choose data…" : "No data yet: upload a file"}</option>
            {assets.map((asset) => (
              <option key={asset.ref} value={asset.ref}>
                {asset.ref}
              </option>
            ))}
          </select>
          <label className="button small file-button">
            <Icon name="upload" size={14} />
            Upload
            <input
              type="file"
              aria-label={`Upload a file for ${port.label}`}
              onChange={(event) => {
                const [file] = event.target.files ?? [];
                if (file) onUpload(file);
                event.target.value = "";
              }}
            />
          </label>
        </div>
      ) : port.enum || port.type === "boolean" ? (
        <select
          id={id}
          className="input"
          value={shown}
          onChange={(event) => {
            const text = event.target.value;
            onChange(text === "" ? null : port.type === "boolean" ? text === "true" : text);
          }}
        >
          <option value="">{fallback ? `${fallback} (default)` : "Choose…"}</option>
          {(port.enum ?? ["true", "false"]).map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          className="input"
          type={port.type === "string" ? "text" : "number"}
          step={port.type === "integer" ? 1 : "any"}
          value={shown}
          placeholder={fallback}
          onChange={(event) => {
            const text = event.target.value;
            onChange(text === "" ? null : port.type === "string" ? text : Number(text));
          }}
        />
      )}
    </div>
  );
}

interface OutcomeProps {
  api: Api;
  boot: Boot;
  run: number;
  labels: Readonly<Record<string, string>>;
}

function Outcome({ api, boot, run, labels }: OutcomeProps) {
  const [step, setStep] = useState<StepState | null>(null);
  const [socket, setSocket] = useState<OpenRunSocket | null>(null);
  const [gone, setGone] = useState(false);
  useEffect(() => {
    let over = false;
    const look = () =>
      api.get<Told>(`runs/${run}/`).then(
        (told) => {
          const steps = Array.isArray(told.steps) ? told.steps : Object.values(told.steps);
          if (!over) setStep(steps.find((each) => each.node === "step") ?? null);
        },
        () => setGone(true),
      );
    // Every event is a reason to look again: the run has one step, so there are few.
    const opened = openRunSocket(boot.ws, run, { after: 0, onEvents: () => void look() });
    void look().then(() => !over && setSocket(opened));
    return () => {
      over = true;
      opened.close();
    };
  }, [api, boot.ws, run]);
  if (gone) return <p className="muted">The last test run was deleted.</p>;
  if (!step || !socket) return <p className="muted">Starting…</p>;
  return (
    <div className="authoring__outcome" data-testid="test-outcome" data-status={step.status}>
      <StepPanel
        api={boot.api}
        ws={boot.ws}
        runId={run}
        node="step"
        step={step}
        labels={labels}
        socket={socket}
      />
      <a href={`${boot.pages}runs/${run}/`}>Open run {run}</a>
    </div>
  );
}
