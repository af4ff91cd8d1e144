import { Icon } from "../../lib/Icon.tsx";
import { plural } from "../../lib/format.ts";
import { showProblem } from "../actions/focus.ts";
import { NONE, useProblems } from "../state/problems.ts";

/** How many things a node still needs; pressing it goes to the first. */
export function ProblemBadge({ node }: { node: string }) {
  const problems = useProblems((state) => state.byNode[node] ?? NONE);
  const first = problems[0];
  if (!first) return null;
  const error = problems.some((problem) => problem.severity === "error");
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`problem-badge nodrag${error ? "" : " problem-badge--mild"}`}
      title={problems.map((problem) => problem.message).join("\n")}
      aria-label={`${plural(problems.length, "problem")}: ${first.message}`}
      onClick={(event) => {
        event.stopPropagation();
        showProblem(first);
      }}
    >
      <Icon name="triangle-alert" size={12} />
      {problems.length}
    </button>
  );
}
