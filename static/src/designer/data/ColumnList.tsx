import { plural } from "../../lib/format.ts";
import type { Schema } from "../state/results.ts";
import { columnWord, ORIGINS } from "./columns.ts";

/** A table's columns with their types. */
export function ColumnList({ schema }: { schema: Schema }) {
  return (
    <>
      <p className="column-list__head">
        {plural(schema.columns.length, "column")}
        {schema.more && " and perhaps more"}, {ORIGINS[schema.origin]}
      </p>
      <ul className="column-list" tabIndex={0} aria-label="Columns">
        {schema.columns.map((column) => (
          <li key={column.name}>
            <span>{column.name}</span>
            <small>{columnWord(column.type)}</small>
          </li>
        ))}
      </ul>
    </>
  );
}
