import { useId, useMemo } from "react";

import { boundInput } from "../../graph/binding.ts";
import type { Common } from "../../graph/common.ts";
import { commonParameters, setInAll } from "../../graph/common.ts";
import type { GraphNode, Scalar } from "../../graph/types.ts";
import { edgeKey } from "../../graph/types.ts";
import { plain, plural } from "../../lib/format.ts";
import { app, edit } from "../app.ts";
import { useDoc } from "../state/doc.ts";
import { announce } from "../state/ui.ts";
import { Widget } from "../widgets/Widget.tsx";
import { Section } from "./Section.tsx";

/** The parameters that all of the selected nodes take: setting one sets it in all of them, as one step. */
export function CommonParameters({ ids }: { ids: ReadonlySet<string> }) {
  const all = useDoc((doc) => doc.document.nodes);
  const nodes = useMemo(() => [...ids].flatMap((id) => all[id] ?? []), [ids, all]);
  const common = useMemo(
    () => (nodes.length === ids.size ? commonParameters(nodes, app().catalog) : []),
    [nodes, ids],
  );
  if (common.length === 0) return null;
  return (
    <Section title="Parameters they share" name="common">
      {common.map((each) => (
        <CommonField key={each.port.name} common={each} nodes={nodes} />
      ))}
    </Section>
  );
}

function CommonField({ common, nodes }: { common: Common; nodes: readonly GraphNode[] }) {
  const { port, value, values } = common;
  const id = useId();
  const editable = useDoc((doc) => doc.editable);
  const wired = useDoc((doc) => nodes.some((node) => edgeKey(node.id, port.name) in doc.document.edges));
  const bound = nodes.some((node) => boundInput(node.params[port.name]) !== null);
  const differ = value === undefined;
  const commit = (next: Scalar | null, typing?: boolean) => {
    const ops = setInAll(nodes, port.name, next);
    if (ops.length === 0) return;
    const merge = typing ? `params ${port.name} ${nodes.map((node) => node.id).join()}` : null;
    if (edit(ops, `Set ${port.label} of ${plural(nodes.length, "node")}`, merge) && !typing)
      announce(`Set ${port.label} of ${plural(nodes.length, "node")}.`);
  };
  return (
    <div className={`param${differ ? " param--differs" : ""}`} data-testid={`common-${port.name}`}>
      <div className="param__head">
        <label id={`${id}-label`} htmlFor={id}>
          {port.label}
        </label>
        {differ && <span className="param__several">{values} different values</span>}
      </div>
      {wired ? (
        <div className="param__bound">fed by a wire in at least one of them</div>
      ) : (
        <Widget
          id={id}
          node=""
          port={
            differ
              ? { ...port, default: null, widget: port.widget === "code" ? "code" : null }
              : { ...port, widget: port.widget === "code" ? "code" : null }
          }
          value={differ || bound ? null : value}
          describedBy={undefined}
          invalid={false}
          disabled={!editable}
          onCommit={commit}
        />
      )}
      {port.description && <p className="param__help">{plain(port.description)}</p>}
    </div>
  );
}
