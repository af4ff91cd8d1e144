import type { FilesLoop } from "../../../graph/control.ts";
import { isData } from "../../../graph/types.ts";
import { NumberRow, SelectRow } from "./parts.tsx";
import type { LoopFormProps } from "./RepeatForm.tsx";

/** Once for every file, or for every batch of files, of a folder. */
export function FilesForm({ face, loop, disabled, onChange }: LoopFormProps<FilesLoop>) {
  const inputs = face.inputs.filter((port) => isData(port.type));
  return (
    <>
      <SelectRow
        label="Files of"
        value={loop.input}
        options={inputs.map((port) => [port.name, port.label] as const)}
        disabled={disabled}
        help="Wire a folder to this input: each time gets its next file."
        onChange={(input) => onChange({ ...loop, input })}
      />
      <NumberRow
        label="Files at a time"
        value={loop.batch_size}
        least={1}
        whole
        disabled={disabled}
        help={
          loop.batch_size > 1
            ? "Each time gets a folder with so many of the files."
            : "Each time gets one file."
        }
        onCommit={(batch) => onChange({ ...loop, batch_size: batch ?? 1 })}
      />
      <NumberRow
        label="Side by side"
        value={loop.max_concurrency}
        empty="all"
        least={1}
        whole
        disabled={disabled}
        onCommit={(max_concurrency) => onChange({ ...loop, max_concurrency })}
      />
    </>
  );
}
