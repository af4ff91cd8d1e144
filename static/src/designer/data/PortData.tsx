import "./data.css";

import { Icon } from "../../lib/Icon.tsx";
import { plural } from "../../lib/format.ts";
import { useDoc } from "../state/doc.ts";
import { resultAt, schemaAt, useResults } from "../state/results.ts";
import type { PortEnd } from "../state/ui.ts";
import { ColumnList } from "./ColumnList.tsx";
import { openPreview } from "./previews.ts";

/** In the inspector: opens the last result of a port on the canvas. */
export function ShowResult({ end, label }: { end: PortEnd; label: string }) {
  const document = useDoc((doc) => doc.document);
  const result = useResults((state) => resultAt(state, document, end));
  if (!result) return null;
  return (
    <button
      type="button"
      className="btn-icon"
      aria-label={`Show the last result of ${label}`}
      title="Show the last result"
      onClick={() => openPreview(end)}
    >
      <Icon name="eye" size={14} />
    </button>
  );
}

/** In the inspector: the columns of a port's table, folded. */
export function PortColumns({ end }: { end: PortEnd }) {
  const document = useDoc((doc) => doc.document);
  const schema = useResults((state) => schemaAt(state, document, end));
  if (!schema) return null;
  return (
    <details className="data-row__columns">
      <summary>
        {plural(schema.columns.length, "column")}
        {schema.more && " and perhaps more"}
      </summary>
      <ColumnList schema={schema} />
    </details>
  );
}
