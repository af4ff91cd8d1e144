import { Icon } from "../../lib/Icon.tsx";
import { showLog } from "../actions/focus.ts";

/** Why a step failed, right below it, one press away from the line of its log. */
export function NodeFailure({ node, message }: { node: string; message: string }) {
  return (
    <div className="node-failure nodrag">
      <p title={message}>{message || "The step failed."}</p>
      <button
        type="button"
        tabIndex={-1}
        onClick={(event) => {
          event.stopPropagation();
          showLog(node);
        }}
      >
        <Icon name="scroll-text" size={12} />
        Show in log
      </button>
    </div>
  );
}
