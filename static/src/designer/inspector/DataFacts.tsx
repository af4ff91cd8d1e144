import type { DataNode } from "../../graph/types.ts";
import { ago, bytes } from "../../lib/format.ts";
import { changeNode } from "../actions/edit.ts";
import { app } from "../app.ts";
import { useDoc } from "../state/doc.ts";
import { Section } from "./Section.tsx";

/** What a data node holds, and which version. */
export function DataFacts({ node }: { node: DataNode }) {
  const assets = useDoc((doc) => doc.assets);
  const editable = useDoc((doc) => doc.editable);
  const asset = assets.find((each) => each.ref === node.asset);
  const others = assets.filter((each) => each.type === node.type);
  return (
    <Section title="Data" name="data">
      <div className="param">
        <div className="param__head">
          <label htmlFor="data-asset">Data asset</label>
        </div>
        <select
          id="data-asset"
          className="text-input"
          data-field="asset"
          value={node.asset}
          disabled={!editable}
          onChange={(event) => changeNode(node.id, { asset: event.target.value }, "Data")}
        >
          {!asset && <option>{node.asset}</option>}
          {others.map((each) => (
            <option key={each.ref} value={each.ref}>
              {each.ref}
            </option>
          ))}
        </select>
      </div>
      <dl className="fact-list">
        <dt>Type</dt>
        <dd>{app().catalog.labels[node.type] ?? node.type}</dd>
        {asset && (
          <>
            <dt>Size</dt>
            <dd>{bytes(asset.size)}</dd>
            <dt>Added</dt>
            <dd>{ago(asset.created_at)}</dd>
          </>
        )}
      </dl>
    </Section>
  );
}
