import { Icon } from "../../lib/Icon.tsx";

/** What is left of a hidden panel: the button that brings it back. */
export function EdgeTab({
  side,
  label,
  icon,
  onOpen,
}: {
  side: "left" | "right";
  label: string;
  icon: string;
  onOpen: () => void;
}) {
  return (
    <div className={`edge-tab edge-tab--${side}`}>
      <button type="button" className="btn-icon" aria-label={label} title={label} onClick={onOpen}>
        <Icon name={icon} />
      </button>
    </div>
  );
}
