import { useId, useState } from "react";

import { bindTo, boundInput } from "../../../graph/binding.ts";
import type { Item, ItemsLoop } from "../../../graph/control.ts";
import { fields } from "../../../graph/ports.ts";
import { plural } from "../../../lib/format.ts";
import { Icon } from "../../../lib/Icon.tsx";
import { useDoc } from "../../state/doc.ts";
import { useDraft } from "../../widgets/draft.ts";
import { ItemsTable } from "./ItemsTable.tsx";
import { readItems } from "./readItems.ts";
import { NumberRow, SelectRow } from "./parts.tsx";
import type { LoopFormProps } from "./RepeatForm.tsx";

type Source = "table" | "json" | "input";

const SOURCES: readonly [Source, string][] = [
  ["table", "Table"],
  ["json", "JSON"],
  ["input", "Pipeline input"],
];

/** Once for every item of a list, which is written here or given when the run starts. */
export function ItemsForm({ face, loop, disabled, onChange }: LoopFormProps<ItemsLoop>) {
  const id = useId();
  const inputs = useDoc((doc) => doc.document.inputs);
  const bound = typeof loop.items === "string" ? boundInput(loop.items) : null;
  const [chosen, setChosen] = useState<Source>(bound === null ? "table" : "input");
  const source: Source = typeof loop.items === "string" ? "input" : chosen === "input" ? "table" : chosen;
  const ports = fields(face);
  const texts = Object.entries(inputs).filter(([, input]) => input.type === "string");
  const items = typeof loop.items === "string" ? [] : loop.items;
  const scalars = typeof loop.items === "string" || items.some((item) => typeof item !== "object");

  const pick = (next: Source) => {
    setChosen(next);
    if (next === "input" && texts[0]) onChange({ ...loop, items: bindTo(texts[0][0]) });
    else if (next !== "input" && typeof loop.items === "string") onChange({ ...loop, items: [] });
  };
  return (
    <>
      <div className="segmented" role="radiogroup" aria-label="Where the list is">
        {SOURCES.map(([each, label]) => (
          <label key={each} className={each === source ? "is-chosen" : undefined}>
            <input
              type="radio"
              name={`${id}-source`}
              checked={each === source}
              disabled={disabled || (each === "input" && texts.length === 0)}
              onChange={() => pick(each)}
            />
            {label}
          </label>
        ))}
      </div>
      {source === "table" && (
        <ItemsTable
          items={items}
          input={loop.input}
          ports={ports}
          disabled={disabled}
          onChange={(rows) => onChange({ ...loop, items: rows })}
        />
      )}
      {source === "json" && (
        <ItemsText
          items={items}
          names={ports.map((port) => port.name)}
          disabled={disabled}
          onChange={(rows) => onChange({ ...loop, items: rows })}
        />
      )}
      {source === "input" && (
        <SelectRow
          label="List in"
          value={bound ?? ""}
          options={texts.map(([name]) => [name, name] as const)}
          disabled={disabled}
          help="Text that holds the list as JSON, given when the run starts."
          onChange={(name) => onChange({ ...loop, items: bindTo(name) })}
        />
      )}
      {scalars && source !== "table" && (
        <SelectRow
          label="Each goes to"
          value={loop.input ?? ""}
          options={ports.map((port) => [port.name, port.label] as const)}
          disabled={disabled}
          help="The input that a single value goes to."
          onChange={(input) => onChange({ ...loop, input })}
        />
      )}
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

interface TextProps {
  items: readonly Item[];
  names: readonly string[];
  disabled: boolean;
  onChange: (items: readonly Item[]) => void;
}

/** The list as JSON, kept only when it can be read; what is wrong is said below. */
function ItemsText({ items, names, disabled, onChange }: TextProps) {
  const id = useId();
  const [fault, setFault] = useState("");
  const shown =
    items.length === 0 ? "[]" : `[\n${items.map((item) => `  ${JSON.stringify(item)}`).join(",\n")}\n]`;
  const text = useDraft(shown, (next) => {
    const read = readItems(next, names);
    setFault("fault" in read ? read.fault : "");
    if ("items" in read) onChange(read.items);
  });
  return (
    <div className={`param${fault ? " is-wrong" : ""}`}>
      <textarea
        className="text-input repeat-json"
        aria-label="The list as JSON"
        aria-invalid={fault !== "" || undefined}
        aria-describedby={fault ? `${id}-fault` : undefined}
        rows={Math.min(14, Math.max(4, text.draft.split("\n").length))}
        value={text.draft}
        disabled={disabled}
        spellCheck={false}
        onChange={(event) => text.setDraft(event.target.value)}
        onBlur={text.commit}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.stopPropagation();
            text.commit();
          }
        }}
      />
      {fault ? (
        <p className="param__error" id={`${id}-fault`}>
          <Icon name="triangle-alert" size={12} />
          {fault}
        </p>
      ) : (
        <p className="param__help">{plural(items.length, "item")}: values, or objects of input and value.</p>
      )}
    </div>
  );
}
