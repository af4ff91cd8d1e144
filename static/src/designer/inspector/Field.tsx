import { useId } from "react";

import { boundInput } from "../../graph/binding.ts";
import type { GraphNode, InputPort } from "../../graph/types.ts";
import { edgeKey, sourceId } from "../../graph/types.ts";
import { fault } from "../../graph/values.ts";
import { plain } from "../../lib/format.ts";
import { Icon } from "../../lib/Icon.tsx";
import { setParam, titleOf } from "../actions/edit.ts";
import { openFieldMenu, takeBack } from "../menu/fieldMenu.ts";
import { sendField } from "../protocol/presence.ts";
import { useDoc } from "../state/doc.ts";
import { usePresence } from "../state/presence.ts";
import { NONE, useProblems } from "../state/problems.ts";
import { Widget } from "../widgets/Widget.tsx";

/** One parameter: label, control, what is wrong with it, and what else its value may come from. */
export function Field({
  node,
  port,
  first,
  looped = false,
}: {
  node: GraphNode;
  port: InputPort;
  first: boolean;
  /** Whether the node's loop gives it a value in each iteration. */
  looped?: boolean;
}) {
  const id = useId();
  const editable = useDoc((doc) => doc.editable);
  const wire = useDoc((doc) => doc.document.edges[edgeKey(node.id, port.name)]);
  const problems = useProblems((state) => state.byNode[node.id] ?? NONE);
  const peer = usePresence(
    (state) => Object.values(state.peers).find((each) => each.field === `${node.id}.${port.name}`)?.user,
  );
  const value = node.params[port.name] ?? null;
  const bound = boundInput(value);
  const said = problems.find((problem) => problem.field === port.name);
  const wrong =
    bound === null
      ? (said?.message ?? fault(port, typeof value === "string" && value.includes("${{") ? null : value))
      : (said?.message ?? "");
  const required = !port.optional && port.default === null && !looped;
  const help = port.description ? `${id}-help` : "";
  const error = wrong ? `${id}-error` : "";
  const inline = port.type === "boolean" && bound === null && !wire;
  return (
    <div
      className={`param${inline ? " param--inline" : ""}${wrong ? " is-wrong" : ""}`}
      data-first-field={first ? "" : undefined}
      onFocus={() => sendField(`${node.id}.${port.name}`)}
      onBlur={() => sendField(null)}
    >
      <div className="param__head">
        <label id={`${id}-label`} htmlFor={id}>
          {port.label}
          {required && (
            <span className="param__required" title="Required">
              {" "}
              *<span className="sr-only"> required</span>
            </span>
          )}
        </label>
        {peer && (
          <span className="param__peer" style={{ "--peer": peer.color }}>
            {peer.name}
          </span>
        )}
        {value !== null && bound === null && <span className="param__set" title="Differs from the default" />}
        <button
          type="button"
          className="btn-icon param__menu"
          aria-label={`Where ${port.label} comes from`}
          aria-haspopup="menu"
          disabled={!editable}
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            openFieldMenu(node, port, { x: box.right - 240, y: box.bottom + 4 });
          }}
        >
          <Icon name="ellipsis-vertical" size={14} />
        </button>
      </div>
      {looped ? (
        <div className="param__bound">
          <Icon name="layers" size={14} />
          given by the loop
        </div>
      ) : wire ? (
        <div className="param__bound">
          <Icon name="spline" size={14} />
          fed by {titleOf(sourceId(wire))} › {wire.output}
        </div>
      ) : bound !== null ? (
        <div className="param__bound">
          <Icon name="log-in" size={14} />
          <span>
            pipeline input <strong>{bound}</strong>
          </span>
          <button
            type="button"
            id={id}
            className="btn-icon"
            data-field={port.name}
            aria-label={`Unbind ${port.label}`}
            title="Set a value here instead"
            disabled={!editable}
            onClick={() => takeBack(node, port)}
          >
            <Icon name="unlink" size={14} />
          </button>
        </div>
      ) : (
        <Widget
          id={id}
          node={node.id}
          port={port}
          value={value}
          describedBy={[help, error].filter(Boolean).join(" ") || undefined}
          invalid={wrong !== ""}
          disabled={!editable}
          onCommit={(next, typing) => setParam(node.id, port.name, next, typing)}
        />
      )}
      {wrong && (
        <p className="param__error" id={error}>
          <Icon name="triangle-alert" size={12} />
          {wrong}
        </p>
      )}
      {help && (
        <p className="param__help" id={help}>
          {plain(port.description)}
        </p>
      )}
    </div>
  );
}
