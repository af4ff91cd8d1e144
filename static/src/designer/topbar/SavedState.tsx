import { plural } from "../../lib/format.ts";
import { Icon } from "../../lib/Icon.tsx";
import { app } from "../app.ts";
import type { DocState } from "../state/doc.ts";
import { useDoc } from "../state/doc.ts";

function describe({ line, unsent, rev, frozen, loaded }: DocState): {
  text: string;
  icon: string;
  tone: string;
} {
  if (line === "refused")
    return { text: "This pipeline cannot be opened any more", icon: "octagon-x", tone: "bad" };
  if (line === "offline" || (frozen && line !== "online")) {
    const waiting = unsent > 0 ? ` · ${plural(unsent, "unsent change")}` : "";
    return { text: `Offline${waiting}${frozen ? " · read-only" : ""}`, icon: "circle-slash", tone: "bad" };
  }
  if (!loaded || line === "connecting") return { text: "Opening…", icon: "loader-circle", tone: "busy" };
  if (unsent > 0) return { text: "Saving…", icon: "loader-circle", tone: "busy" };
  if (!app().boot.user.can_edit)
    return { text: `You can look, not change · rev ${rev ?? 0}`, icon: "eye", tone: "good" };
  return { text: `All changes saved · rev ${rev ?? 0}`, icon: "check", tone: "good" };
}

export function SavedState() {
  const line = useDoc((doc) => JSON.stringify(describe(doc)));
  const { text, icon, tone } = JSON.parse(line) as ReturnType<typeof describe>;
  return (
    <span
      className={`saved-state saved-state--${tone}`}
      data-testid="saved-state"
      role="status"
      aria-live="off"
    >
      <Icon name={icon} size={14} />
      {text}
    </span>
  );
}
