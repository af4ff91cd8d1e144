import { ViewportPortal } from "@xyflow/react";
import { useEffect } from "react";

import { Icon } from "../../lib/Icon.tsx";
import { currentView } from "../groups/view.ts";
import { setUi, useUi } from "../state/ui.ts";

/** Why something was refused: one small chip, beside what it is about, for as long as it takes to read. */
export function NoticeChip() {
  const notice = useUi((ui) => ui.notice);
  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(
      () => setUi({ notice: null }),
      (notice.actions.length > 0 ? 12_000 : 3000) + notice.message.length * 60,
    );
    return () => clearTimeout(timer);
  }, [notice]);
  if (!notice) return null;
  const box = notice.at === null ? null : currentView().box(notice.at);
  const chip = (
    <div
      className={`notice-chip${box ? "" : " notice-chip--foot"}`}
      style={box ? { transform: `translate(${box.x}px, ${box.y - 8}px) translateY(-100%)` } : undefined}
      data-testid="notice"
    >
      <Icon name="circle-alert" size={14} />
      <span>{notice.message}</span>
      {notice.actions.map((action) => (
        <button
          key={action.label}
          type="button"
          className="notice-chip__action nopan"
          onClick={() => {
            setUi({ notice: null });
            action.do();
          }}
        >
          <Icon name={action.icon} size={12} />
          {action.label}
        </button>
      ))}
      <button type="button" className="nopan" aria-label="Dismiss" onClick={() => setUi({ notice: null })}>
        <Icon name="x" size={12} />
      </button>
    </div>
  );
  return box ? <ViewportPortal>{chip}</ViewportPortal> : chip;
}
