import type { PipelineInput, Scalar } from "../../graph/types.ts";
import { isData } from "../../graph/types.ts";
import { judgeTypes } from "../../graph/connection.ts";
import { app } from "../app.ts";
import { useDoc } from "../state/doc.ts";
import { Widget } from "./Widget.tsx";

type Value = Scalar | { readonly asset: string } | null;

interface Props {
  id: string;
  name: string;
  input: PipelineInput;
  value: Value;
  disabled: boolean;
  onCommit: (value: Value) => void;
}

/** The value of a pipeline input: a control for its type, or a choice of data assets. */
export function InputValue({ id, name, input, value, disabled, onCommit }: Props) {
  const assets = useDoc((doc) => doc.assets);
  if (isData(input.type)) {
    const chosen = typeof value === "object" && value !== null ? value.asset : "";
    const fitting = assets.filter(
      (asset) => judgeTypes(asset.type, input.type, app().catalog).verdict !== "no",
    );
    return (
      <select
        id={id}
        className="text-input"
        data-field={name}
        value={chosen}
        disabled={disabled}
        onChange={(event) => onCommit(event.target.value ? { asset: event.target.value } : null)}
      >
        <option value="">Choose data…</option>
        {chosen && !fitting.some((asset) => asset.ref === chosen) && <option>{chosen}</option>}
        {fitting.map((asset) => (
          <option key={asset.ref}>{asset.ref}</option>
        ))}
      </select>
    );
  }
  const port = {
    name,
    label: name,
    type: input.type,
    description: input.description ?? "",
    optional: input.optional ?? false,
    default: null,
    enum: input.enum ?? null,
    min: null,
    max: null,
    widget: null,
    language: null,
    columns_of: null,
  };
  return (
    <Widget
      id={id}
      node=""
      port={port}
      value={typeof value === "object" ? null : value}
      describedBy={undefined}
      invalid={false}
      disabled={disabled}
      onCommit={onCommit}
    />
  );
}
