import { useId } from "react";

import { orderIn } from "../../graph/adjacency.ts";
import type { Condition, GraphNode, OrderEdge } from "../../graph/types.ts";
import { Icon } from "../../lib/Icon.tsx";
import { titleOf } from "../actions/edit.ts";
import { flyTo } from "../actions/focus.ts";
import { connectOrder, disconnectOrder } from "../actions/order.ts";
import { CONDITIONS, conditionsOf } from "../canvas/conditions.ts";
import { useDoc } from "../state/doc.ts";
import { setUi } from "../state/ui.ts";
import { Section } from "./Section.tsx";

/** What a node waits for without getting data from it: seen, added, changed and removed without a pointer. */
export function RunsAfter({ node }: { node: GraphNode }) {
  const document = useDoc((doc) => doc.document);
  const editable = useDoc((doc) => doc.editable);
  const edges = [...orderIn(document.order, node.id)];
  return (
    <Section
      title="Runs after"
      name="runs-after"
      folded={edges.length === 0}
      note={edges.length > 0 ? String(edges.length) : ""}
    >
      {edges.length === 0 && (
        <p className="inspector__hint">
          It waits only for the data that it gets. Let it run after another step, and only if that went as you
          choose.
        </p>
      )}
      {edges.length > 0 && (
        <ul className="order-list">
          {edges.map((edge) => (
            <Row key={edge.source} edge={edge} source={document.nodes[edge.source]} editable={editable} />
          ))}
        </ul>
      )}
      {editable && (
        <button
          type="button"
          className="btn"
          data-field="order"
          onClick={() => setUi({ ordering: { node: node.id, side: "in" } })}
        >
          <Icon name="plus" size={14} />
          Run after…
        </button>
      )}
    </Section>
  );
}

function Row({
  edge,
  source,
  editable,
}: {
  edge: OrderEdge;
  source: GraphNode | undefined;
  editable: boolean;
}) {
  const id = useId();
  const look = CONDITIONS[edge.condition];
  return (
    <li>
      <span className="order-list__glyph" style={{ color: look.hue }}>
        <Icon name={look.icon} size={14} />
      </span>
      <label htmlFor={id}>
        <button type="button" className="link-button" onClick={() => flyTo(edge.source)}>
          {titleOf(edge.source)}
        </button>
      </label>
      <select
        id={id}
        className="text-input"
        aria-label={`Condition on ${titleOf(edge.source)}`}
        value={edge.condition}
        disabled={!editable}
        onChange={(event) => connectOrder({ ...edge, condition: event.target.value as Condition })}
      >
        {conditionsOf(source).map((condition) => (
          <option key={condition} value={condition} title={CONDITIONS[condition].help}>
            {CONDITIONS[condition].word}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="btn-icon"
        disabled={!editable}
        aria-label={`No longer wait for ${titleOf(edge.source)}`}
        title="Remove"
        onClick={() => disconnectOrder([edge])}
      >
        <Icon name="trash-2" size={14} />
      </button>
    </li>
  );
}
