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
  const map = (output: string, choice: string) => {
    const inputs = choice === "" ? [] : choice.split(BETWEEN);
    const rest = Object.entries(loop.mapping).flatMap(([from, to]) => {
      const others = from === output ? [] : listed(to).filter((each) => !inputs.includes(each));
      return others.length > 0 ? [[from, plain(others)] as const] : [];
    });
    const own = inputs.length > 0 ? [[output, plain(inputs)] as const] : [];
    onChange({ ...loop, mapping: Object.fromEntries([...rest, ...own]) });
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
            value={listed(loop.mapping[port.name]).join(BETWEEN)}
            options={[
              ["", "Not handed on"] as const,
              ...possible.map((to) => [to.name, `→ ${to.label}`] as const),
              ...several(loop.mapping[port.name], possible),
            ]}
            disabled={disabled}
            onChange={(input) => map(port.name, input)}
          />
        );
      })}
    </>
  );
}

/** No name of an input holds it. */
const BETWEEN = ",";

type Inputs = DoWhile["mapping"][string];

const listed = (inputs: Inputs | undefined): readonly string[] =>
  inputs === undefined ? [] : typeof inputs === "string" ? [inputs] : inputs;

const plain = (inputs: readonly string[]): Inputs => (inputs.length === 1 ? inputs[0]! : inputs);

/** The choice that a file made which hands an output on to several inputs. */
function several(
  inputs: Inputs | undefined,
  ports: readonly { name: string; label: string }[],
): (readonly [string, string])[] {
  const names = listed(inputs);
  const label = (name: string) => ports.find((port) => port.name === name)?.label ?? name;
  return names.length > 1 ? [[names.join(BETWEEN), `→ ${names.map(label).join(", ")}`] as const] : [];
}
