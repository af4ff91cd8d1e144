import "./details-tab.css";

import type { ReactNode } from "react";

import { useJson } from "./api";
import { useNow } from "./clock";
import { DownloadButton } from "./DownloadButton";
import { elapsed, formatDuration, formatElapsed } from "./duration";
import { formatBytes, formatMoment, formatValue } from "./format";
import { Icon } from "./Icon";
import { KnownResult } from "./KnownResult";
import { CopyButton, Failed, Skeleton } from "./parts";
import { kindLook, typeWord } from "./previewChoice";
import { isActive } from "./status";
import { StatusGlyph } from "./StatusGlyph";
import type { Artifact, AttemptState, StepDetail, StepState } from "./types";

interface Props {
  api: string;
  runId: number;
  node: string;
  step: StepState;
}

/** The facts of a step: how it went, what was called with what, and what came out. */
export function DetailsTab({ api, runId, node, step }: Props) {
  const version = `${step.status}/${step.attempt}`;
  const [detail, retry] = useJson<Partial<StepDetail>>(
    `${api}runs/${runId}/steps/${encodeURIComponent(node)}/`,
    { version },
  );
  return (
    <div className="details">
      <Facts step={step} />
      {detail.state === "loading" && <Skeleton lines={5} label="Loading details" />}
      {detail.state === "failed" && (
        <Failed title="The details could not be loaded" message={detail.message} retry={retry} />
      )}
      {detail.state === "ready" && (
        <>
          <Reuse reuse={detail.value.reuse} api={api} />
          {detail.value.cache && (
            <Block title="Result">
              <KnownResult api={api} result={detail.value.cache} onChange={retry} />
            </Block>
          )}
          <Machine detail={detail.value} />
          <Attempts attempts={detail.value.attempts ?? []} />
          <Command command={detail.value.command ?? null} />
          <Parameters params={detail.value.params ?? {}} />
        </>
      )}
      <Outputs api={api} outputs={Object.values(step.outputs)} />
    </div>
  );
}

function Reuse({ reuse, api }: { reuse: StepDetail["reuse"] | undefined; api: string }) {
  if (!reuse || (!reuse.from && reuse.reasons.length === 0)) return null;
  const pages = api.replace("/api/v1/workspaces/", "/w/");
  return (
    <Block title={reuse.from ? "Reused" : "Why it ran"}>
      {reuse.from ? (
        <p>
          The same was computed in{" "}
          <a href={`${pages}runs/${reuse.from.run}/#node=${reuse.from.node}`}>run {reuse.from.run}</a>; its
          result was taken.
        </p>
      ) : (
        reuse.reasons.map((reason) => <p key={reason}>{reason}</p>)
      )}
    </Block>
  );
}

function Block({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="details-block">
      <header>
        <h3>{title}</h3>
        {aside}
      </header>
      {children}
    </section>
  );
}

function Facts({ step }: { step: StepState }) {
  const active = isActive(step.status);
  const now = useNow(active);
  const ms = elapsed(step.started_at, step.ended_at, now);
  const facts: [string, ReactNode][] = [
    ["Status", <StatusGlyph key="status" status={step.status} reused={step.reused} />],
    ["Duration", ms === null ? "–" : step.ended_at ? formatDuration(ms) : formatElapsed(ms)],
    ["Started", formatMoment(step.started_at)],
    ["Ended", formatMoment(step.ended_at)],
  ];
  if (step.attempt > 0) facts.push(["Attempt", String(step.attempt)]);
  if (step.exit_code !== null) facts.push(["Exit code", <ExitCode key="code" code={step.exit_code} />]);
  if (step.message) facts.push(["Reason", step.message]);
  return (
    <dl className="details-facts">
      {facts.map(([name, value]) => (
        <div key={name} data-wide={name === "Reason" || undefined}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const SIGNALS: Record<number, string> = {
  2: "interrupted",
  6: "aborted",
  9: "killed, often for want of memory",
  11: "segmentation fault",
  15: "asked to end",
};

function ExitCode({ code }: { code: number }) {
  const signal = code < 0 ? -code : code > 128 ? code - 128 : 0;
  const word = SIGNALS[signal];
  return (
    <>
      <span className="mono">{code}</span>
      {word !== undefined && <span className="muted"> {word}</span>}
    </>
  );
}

/** Where the step ran, what it might use, and what it used. */
function Machine({ detail }: { detail: Partial<StepDetail> }) {
  const last = detail.attempts?.at(-1);
  const { cpu, memory, gpus } = detail.resources ?? {};
  const peak = last?.peak_memory ?? null;
  const facts: [string, string][] = [];
  if (detail.compute) facts.push(["Compute", detail.compute]);
  if (peak !== null) {
    const limit = memory === undefined ? "" : ` of ${formatBytes(memory)}`;
    facts.push(["Memory", `at most ${formatBytes(peak)}${limit}`]);
  } else if (memory !== undefined) facts.push(["Memory limit", formatBytes(memory)]);
  if (cpu !== undefined) facts.push(["Cores", String(cpu)]);
  if (gpus) facts.push(["GPUs", String(gpus)]);
  if (facts.length === 0) return null;
  return (
    <Block title="Machine">
      <dl className="details-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Block>
  );
}

function Attempts({ attempts }: { attempts: AttemptState[] }) {
  if (attempts.length < 2) return null;
  return (
    <Block title="Attempts">
      <ol className="details-attempts">
        {attempts.toReversed().map((attempt) => (
          <li key={attempt.number}>
            <span className="details-attempt-number">{attempt.number}</span>
            <StatusGlyph status={attempt.status} />
            <span className="muted">{formatMoment(attempt.started_at)}</span>
            <span className="details-attempt-time">
              {attempt.ended_at ? formatDuration(elapsed(attempt.started_at, attempt.ended_at, 0)) : ""}
            </span>
            {attempt.message !== "" && <p>{attempt.message}</p>}
          </li>
        ))}
      </ol>
    </Block>
  );
}

const QUOTED = /[^\w@%+=:,./-]/;
const shellWord = (word: string) =>
  word !== "" && !QUOTED.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

function Command({ command }: { command: string | string[] | null }) {
  if (command === null || command.length === 0) return null;
  const text = typeof command === "string" ? command : command.map(shellWord).join(" ");
  return (
    <Block title="Command" aside={<CopyButton text={text} label="Copy the command" />}>
      <pre className="details-command" tabIndex={0} aria-label="Command line">
        {text}
      </pre>
    </Block>
  );
}

function Parameters({ params }: { params: Record<string, unknown> }) {
  const rows = Object.entries(params);
  return (
    <Block title="Parameters">
      {rows.length === 0 ? (
        <p className="muted">This step takes none.</p>
      ) : (
        <table className="details-table">
          <tbody>
            {rows.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className={typeof value === "number" ? "number" : undefined}>{literal(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Block>
  );
}

/** A parameter exactly as the step got it: no rounding. */
const literal = (value: unknown) => (typeof value === "number" ? String(value) : formatValue(value));

function Outputs({ api, outputs }: { api: string; outputs: Artifact[] }) {
  if (outputs.length === 0) return null;
  return (
    <Block title="Outputs">
      <ul className="details-outputs">
        {outputs.map((artifact) => (
          <li key={artifact.output}>
            <Icon name={kindLook(artifact.kind).icon} />
            <span className="details-output-name">{artifact.output}</span>
            <span className="muted">{typeWord(artifact.type)}</span>
            <span className="details-output-size">{formatBytes(artifact.size)}</span>
            <DownloadButton api={api} artifact={artifact} label={artifact.output} />
            <span className="details-digest">
              <code className="mono" title={artifact.digest}>
                {artifact.digest}
              </code>
              <CopyButton text={artifact.digest} label="Copy the digest" />
            </span>
          </li>
        ))}
      </ul>
    </Block>
  );
}
