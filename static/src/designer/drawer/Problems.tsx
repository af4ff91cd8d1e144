import { Icon } from "../../lib/Icon.tsx";
import { titleOf } from "../actions/edit.ts";
import { showProblem } from "../actions/focus.ts";
import { useDoc } from "../state/doc.ts";
import { useProblems } from "../state/problems.ts";

/** What is unfinished; each line goes to its place. */
export function Problems() {
  const byNode = useProblems((state) => state.byNode);
  useDoc((doc) => doc.document);
  const all = Object.values(byNode).flat();
  if (all.length === 0) {
    return (
      <p className="drawer__empty">
        <Icon name="circle-check" /> Nothing is missing. The pipeline is ready to run.
      </p>
    );
  }
  return (
    <ul className="problem-list">
      {all.map((problem, index) => (
        <li key={`${problem.node} ${problem.field} ${problem.code} ${index}`}>
          <button type="button" onClick={() => showProblem(problem)}>
            <span className={`problem-list__mark is-${problem.severity}`}>
              <Icon name={problem.severity === "error" ? "circle-alert" : "triangle-alert"} size={14} />
              <span className="sr-only">{problem.severity}</span>
            </span>
            <strong>{problem.node ? titleOf(problem.node) : "Pipeline"}</strong>
            <span>{problem.message}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
