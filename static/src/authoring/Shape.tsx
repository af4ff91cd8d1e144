import { Icon } from "../lib/Icon.tsx";
import type { Details, Draft } from "./types.ts";

interface Props {
  draft: Draft;
  onDetails: (details: Details) => void;
  onLine: (line: number) => void;
}

const DATA = ["uri_file", "uri_folder", "mltable", "mlflow_model", "custom_model"] as const;
const LITERAL = ["string", "integer", "number", "boolean"] as const;
const WORDS: Readonly<Record<string, string>> = {
  uri_file: "file",
  uri_folder: "folder",
  mltable: "table",
  mlflow_model: "MLflow model",
  custom_model: "model",
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "yes or no",
};

/** The node as it would stand on the canvas, and its ports with the lines that declare them. */
export function Shape({ draft, onDetails, onLine }: Props) {
  const { faults, picture, lines, details, kind } = draft;
  const face = draft.interface;
  const correct = (name: string, change: { side?: string; type?: string }) =>
    onDetails({ ...details, ports: { ...details.ports, [name]: { ...details.ports[name], ...change } } });
  return (
    <section className="authoring__shape" aria-label="As a node">
      {face ? (
        // Drawn by the server, which escapes what people wrote.
        <div className="on-canvas" data-testid="node-picture" dangerouslySetInnerHTML={{ __html: picture }} />
      ) : (
        <ul className="authoring__faults" role="alert">
          {faults.map((fault, index) => (
            <li key={index}>
              <Icon name="octagon-x" size={14} />
              <span>
                {fault.message}
                {fault.file && (
                  <button type="button" onClick={() => onLine(fault.line)}>
                    {fault.file}, line {fault.line}
                  </button>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      {face && (
        <table className="authoring__ports">
          <thead>
            <tr>
              <th>Port</th>
              <th>Type</th>
              <th>Default</th>
            </tr>
          </thead>
          <tbody>
            {[
              ...face.inputs.map((port) => ({ ...port, side: "input" })),
              ...face.outputs.map((port) => ({
                ...port,
                side: "output",
                default: null,
                optional: true,
                enum: null,
              })),
            ].map((port) => (
              <tr key={`${port.side}.${port.name}`} title={port.description}>
                <td>
                  {lines[port.name] ? (
                    <button
                      type="button"
                      onClick={() => onLine(lines[port.name] ?? 1)}
                      title="Go to its line"
                    >
                      {port.name}
                    </button>
                  ) : (
                    port.name
                  )}
                  {kind === "script" ? (
                    <select
                      aria-label={`Side of ${port.name}`}
                      value={port.side}
                      onChange={(event) => correct(port.name, { side: event.target.value })}
                    >
                      <option value="input">input</option>
                      <option value="output">output</option>
                    </select>
                  ) : (
                    <small>{port.side}</small>
                  )}
                </td>
                <td>
                  {kind === "script" ? (
                    <select
                      aria-label={`Type of ${port.name}`}
                      value={port.type}
                      onChange={(event) => correct(port.name, { type: event.target.value })}
                    >
                      {[...DATA, ...(port.side === "input" ? LITERAL : [])].map((type) => (
                        <option key={type} value={type}>
                          {WORDS[type]}
                        </option>
                      ))}
                    </select>
                  ) : (
                    (WORDS[port.type] ?? port.type)
                  )}
                  {port.enum && <small>{port.enum.join(", ")}</small>}
                </td>
                <td>
                  {port.default !== null ? (
                    <code>{String(port.default)}</code>
                  ) : port.side === "output" ? (
                    ""
                  ) : (
                    <small>{port.optional ? "optional" : "required"}</small>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
