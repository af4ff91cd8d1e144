import { Icon } from "../../lib/Icon.tsx";
import { openNodeMenu } from "../menu/nodeMenu.ts";

export function NodeMenuButton({ id, title }: { id: string; title: string }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      className="step-node__menu nodrag"
      aria-label={`Actions for ${title}`}
      aria-haspopup="menu"
      onClick={(event) => {
        event.stopPropagation();
        const box = event.currentTarget.getBoundingClientRect();
        openNodeMenu(id, { x: box.left, y: box.bottom + 4 });
      }}
    >
      <Icon name="ellipsis" size={14} />
    </button>
  );
}
