import { Icon } from "../../lib/Icon.tsx";
import { showLog } from "../actions/focus.ts";

/** Why a step failed, right below it, one press away from the line of its log. */
export function NodeFailure({ node, message, to }: { node: string; message: string; to: string }) {
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
        {to}
      </button>
    </div>
  );
}
