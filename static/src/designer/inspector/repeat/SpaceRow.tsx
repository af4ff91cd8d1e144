import type { Space } from "../../../graph/control.ts";
import type { InputPort, Scalar } from "../../../graph/types.ts";
import { readValue, showValue } from "../../../graph/values.ts";
import { Icon } from "../../../lib/Icon.tsx";
import { useDraft } from "../../widgets/draft.ts";
import { NumberRow, SelectRow } from "./parts.tsx";
import { SPACES, boundsOf, turned, withBounds } from "./spaces.ts";

interface Props {
  name: string;
  port: InputPort | undefined;
  space: Space;
  /** All combinations can be made only of values that are listed. */
  grid: boolean;
  disabled: boolean;
  onChange: (space: Space | null) => void;
}

/** One parameter of a sweep, and what its values are drawn from. */
export function SpaceRow({ name, port, space, grid, disabled, onChange }: Props) {
  const bounds = boundsOf(space);
  const label = port?.label ?? name;
  return (
    <fieldset className="space-row">
      <legend>{label}</legend>
      <button
        type="button"
        className="btn-icon space-row__remove"
        disabled={disabled}
        aria-label={`No longer vary ${label}`}
        title="No longer vary it"
        onClick={() => onChange(null)}
      >
        <Icon name="x" size={14} />
      </button>
      <SelectRow
        label="Values"
        value={space.type}
        options={SPACES}
        disabled={disabled}
        {...(grid && space.type !== "choice"
          ? { help: "All combinations need values that are listed: choose “one of”." }
          : {})}
        onChange={(type) => onChange(turned(space, type, port))}
      />
      {space.type === "choice" && (
        <Values
          values={space.values}
          port={port}
          disabled={disabled}
          onChange={(values) => onChange({ ...space, values })}
        />
      )}
      {bounds && (
        <>
          <NumberRow
            label="From"
            value={bounds[0]}
            disabled={disabled}
            onCommit={(low) => onChange(withBounds(space, low ?? bounds[0], bounds[1]))}
          />
          <NumberRow
            label="To"
            value={bounds[1]}
            disabled={disabled}
            onCommit={(high) => onChange(withBounds(space, bounds[0], high ?? bounds[1]))}
          />
        </>
      )}
      {"mu" in space && (
        <>
          <NumberRow
            label={space.type.endsWith("lognormal") ? "Mean of the logarithm" : "Mean"}
            value={space.mu}
            disabled={disabled}
            onCommit={(mu) => onChange({ ...space, mu: mu ?? 0 })}
          />
          <NumberRow
            label="Deviation"
            value={space.sigma}
            least={0}
            disabled={disabled}
            onCommit={(sigma) => onChange({ ...space, sigma: sigma ?? 1 })}
          />
        </>
      )}
      {"q" in space && (
        <NumberRow
          label="Steps of"
          value={space.q}
          least={0}
          disabled={disabled}
          onCommit={(q) => onChange({ ...space, q: q ?? 1 })}
        />
      )}
      {space.type === "randint" && (
        <NumberRow
          label="Below"
          value={space.upper}
          least={1}
          whole
          disabled={disabled}
          help="From 0 on."
          onCommit={(upper) => onChange({ ...space, upper: upper ?? 1 })}
        />
      )}
    </fieldset>
  );
}

/** Values with commas between them. */
function Values({
  values,
  port,
  disabled,
  onChange,
}: {
  values: readonly Scalar[];
  port: InputPort | undefined;
  disabled: boolean;
  onChange: (values: readonly Scalar[]) => void;
}) {
  const text = useDraft(values.map(showValue).join(", "), (next) => {
    const read = next
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "")
      .map((part) => readValue(port?.type ?? "string", part));
    onChange(read.filter((value): value is Scalar => value !== null));
  });
  return (
    <div className="repeat-row">
      <label>
        <span className="sr-only">Values of {port?.label}</span>
      </label>
      <input
        className="text-input"
        aria-label={`Values of ${port?.label ?? "the parameter"}, with commas between them`}
        placeholder="value, value, …"
        value={text.draft}
        disabled={disabled}
        spellCheck={false}
        onChange={(event) => text.setDraft(event.target.value)}
        onBlur={text.commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") text.commit();
          if (event.key === "Escape") text.revert();
        }}
      />
    </div>
  );
}
