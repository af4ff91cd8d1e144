import { INPUT_NAME } from "../../graph/whole.ts";
import type { PipelineOutput } from "../../graph/types.ts";
import { Icon } from "../../lib/Icon.tsx";
import { titleOf } from "../actions/edit.ts";
import { flyTo } from "../actions/focus.ts";
import { edit } from "../app.ts";
import { openMenu } from "../menu/menuStore.ts";
import { makeOutput, possibleOutputs, removeOutput } from "../menu/portMenu.ts";
import { useDoc } from "../state/doc.ts";
import { useDraft } from "../widgets/draft.ts";

/** What the pipeline gives when it is used as a component. */
export function PipelineOutputs() {
  const outputs = useDoc((doc) => doc.document.outputs);
  const editable = useDoc((doc) => doc.editable);
  const names = Object.keys(outputs);
  return (
    <>
      {names.length === 0 && (
        <p className="inspector__hint">
          None yet. They are what this pipeline gives as a component of others: right-click a port, or add one
          here.
        </p>
      )}
      {names.length > 0 && (
        <ul className="output-list">
          {names.map((name) => (
            <Row key={name} name={name} output={outputs[name]!} editable={editable} />
          ))}
        </ul>
      )}
      {editable && (
        <button
          type="button"
          className="btn"
          aria-haspopup="menu"
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            const items = possibleOutputs().map(({ node, port }) => ({
              label: `${titleOf(node)} › ${port.label}`,
              icon: "log-out",
              do: () => makeOutput(node, port),
            }));
            openMenu(items, { x: box.left, y: box.bottom + 4 }, "Outputs of nodes");
          }}
        >
          <Icon name="plus" size={14} />
          Add output
        </button>
      )}
    </>
  );
}

function Row({ name, output, editable }: { name: string; output: PipelineOutput; editable: boolean }) {
  const taken = useDoc((doc) => doc.document);
  const text = useDraft(name, (next) => {
    if (!INPUT_NAME.test(next) || next in taken.outputs || next in taken.inputs) return false;
    return edit(
      [
        { op: "set_output", name, output: null },
        { op: "set_output", name: next, output },
      ],
      `Rename the output ${name}`,
    );
  });
  return (
    <li>
      <input
        className="text-input"
        aria-label={`Name of the output ${name}`}
        value={text.draft}
        disabled={!editable}
        spellCheck={false}
        onChange={(event) => text.setDraft(event.target.value)}
        onBlur={text.commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") text.commit();
          if (event.key === "Escape") text.revert();
        }}
      />
      <button
        type="button"
        className="link-button output-list__name"
        title="Go there"
        onClick={() => flyTo(output.source)}
      >
        {titleOf(output.source)} › {output.output}
      </button>
      <button
        type="button"
        className="btn-icon"
        disabled={!editable}
        aria-label={`Remove the output ${name}`}
        title="Remove"
        onClick={() => removeOutput(name)}
      >
        <Icon name="trash-2" size={14} />
      </button>
    </li>
  );
}
