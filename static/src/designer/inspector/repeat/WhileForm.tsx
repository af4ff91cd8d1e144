import type { DoWhile } from "../../../graph/control.ts";
import { app } from "../../app.ts";
import { NumberRow, SelectRow } from "./parts.tsx";
import type { LoopFormProps } from "./RepeatForm.tsx";

/** Again while an output is true, with outputs of one time as inputs of the next. */
export function WhileForm({ face, loop, disabled, onChange }: LoopFormProps<DoWhile>) {
  const conditions = face.outputs.filter((port) => port.type === "boolean");
  const { types } = app().catalog;
  const targets = (type: string) =>
    face.inputs.filter((port) => port.type === type || (types[type]?.[port.type]?.[0] ?? "no") !== "no");
  const map = (output: string, input: string) => {
    const rest = Object.entries(loop.mapping).filter(([from, to]) => from !== output && to !== input);
    onChange({ ...loop, mapping: Object.fromEntries(input ? [...rest, [output, input]] : rest) });
  };
  return (
    <>
      <SelectRow
        label="Again while"
        value={loop.condition}
        options={conditions.map((port) => [port.name, `${port.label} is true`] as const)}
        disabled={disabled}
        onChange={(condition) => onChange({ ...loop, condition })}
      />
      <NumberRow
        label="At most"
        value={loop.max_iteration_count}
        least={1}
        most={1000}
        whole
        disabled={disabled}
        help="Times in all, whatever the condition says."
        onCommit={(count) => onChange({ ...loop, max_iteration_count: count ?? 10 })}
      />
      <h3 className="repeat-title">What one time gives the next</h3>
      {face.outputs.map((port) => {
        const possible = targets(port.type);
        return possible.length === 0 ? null : (
          <SelectRow
            key={port.name}
            label={port.label}
            value={loop.mapping[port.name] ?? ""}
            options={[
              ["", "Not handed on"] as const,
              ...possible.map((to) => [to.name, `→ ${to.label}`] as const),
            ]}
            disabled={disabled}
            onChange={(input) => map(port.name, input)}
          />
        );
      })}
    </>
  );
}
