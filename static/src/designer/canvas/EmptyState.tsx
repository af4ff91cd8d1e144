import { addStarter, STARTERS } from "../actions/starters.ts";
import { Icon } from "../../lib/Icon.tsx";
import { useDoc } from "../state/doc.ts";
import { OwnFile } from "./OwnFile.tsx";

/** What to do with an empty canvas. */
export function EmptyState() {
  const empty = useDoc(
    ({ document, loaded }) =>
      loaded && Object.keys(document.nodes).length === 0 && Object.keys(document.inputs).length === 0,
  );
  const editable = useDoc((doc) => doc.editable);
  const components = useDoc((doc) => doc.components);
  if (!empty) return null;
  if (!editable) {
    return (
      <div className="empty-state">
        <p>This pipeline has no steps yet.</p>
      </div>
    );
  }
  const known = new Set(components.map((face) => face.name));
  const starters = STARTERS.filter((starter) => starter.steps.every((step) => known.has(step.component)));
  return (
    <div className="empty-state">
      <Icon name="workflow" size={28} />
      <h2>Build your pipeline</h2>
      <p>
        Drag a component here, press <kbd>/</kbd> to search, or start from one of these.
        <br />
        Then pull a wire out of a step and let it go: what fits is listed.
      </p>
      <div className="empty-state__starters">
        <OwnFile />
        {starters.map((starter) => (
          <button type="button" key={starter.title} onClick={() => addStarter(starter)}>
            <Icon name={starter.icon} size={20} />
            <strong>{starter.title}</strong>
            <span>{starter.text}</span>
          </button>
        ))}
      </div>
    </div>
  );
}
