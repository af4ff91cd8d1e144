import "./drawer.css";

import { Icon } from "../../lib/Icon.tsx";
import { useTabs } from "../../run/tabs.tsx";
import { app } from "../app.ts";
import { ChangesPanel } from "../history/ChangesPanel.tsx";
import { HistoryPanel } from "../history/HistoryPanel.tsx";
import { usePast } from "../history/pastStore.ts";
import { Resizer } from "../panels/Resizer.tsx";
import { useProblems } from "../state/problems.ts";
import type { Drawer as Name } from "../state/ui.ts";
import { setUi, useUi } from "../state/ui.ts";
import { Outline } from "./Outline.tsx";
import { Problems } from "./Problems.tsx";
import { RunLog } from "./RunLog.tsx";

/** Lists of the same things as the canvas: what is wrong, what there is, what happened. */
export function Drawer() {
  const open = useUi((ui) => ui.drawer);
  const height = useUi((ui) => ui.drawerHeight);
  const problems = useProblems((state) => state.total);
  const edits = app().boot.mode === "edit";
  const comparing = usePast((past) => past.comparison !== null);
  const tab: Name = tabOf(open, edits, comparing);
  const { bar, panel } = useTabs<Name>(
    [
      ...(edits ? [{ id: "problems" as const, label: "Problems", count: problems }] : []),
      { id: "outline", label: "Outline" },
      { id: "log", label: "Run" },
      ...(edits ? [{ id: "history" as const, label: "History" }] : []),
      ...(comparing ? [{ id: "changes" as const, label: "Changes" }] : []),
    ],
    tab,
    (next) => setUi({ drawer: next }),
  );
  if (open === null) {
    const names: [Name, string][] = [
      ...(edits ? [["problems", problems > 0 ? `Problems ${problems}` : "Problems"] as [Name, string]] : []),
      ["outline", "Outline"],
      ["log", "Run"],
      ...(edits ? [["history", "History"] as [Name, string]] : []),
      ...(comparing ? [["changes", "Changes"] as [Name, string]] : []),
    ];
    return (
      <div className="drawer drawer--closed" role="group" aria-label="Lists">
        {names.map(([name, label]) => (
          <button
            key={name}
            type="button"
            onClick={() => setUi({ drawer: name })}
            data-testid={`drawer-${name}`}
          >
            {label}
          </button>
        ))}
      </div>
    );
  }
  return (
    <section className="drawer" aria-label="Lists" style={{ height }}>
      <Resizer
        side="top"
        value={height}
        least={120}
        most={640}
        label="Height of the lists"
        onChange={(drawerHeight) => setUi({ drawerHeight })}
      />
      <header className="drawer__header">
        {bar("Lists")}
        <button
          type="button"
          className="btn-icon"
          aria-label="Close the lists"
          title="Close"
          onClick={() => setUi({ drawer: null })}
        >
          <Icon name="chevron-down" />
        </button>
      </header>
      <div className="drawer__body" {...panel} tabIndex={-1}>
        {tab === "problems" && <Problems />}
        {tab === "outline" && <Outline />}
        {tab === "log" && <RunLog />}
        {tab === "history" && <HistoryPanel />}
        {tab === "changes" && <ChangesPanel />}
      </div>
    </section>
  );
}

/** What was open the last time may have nothing to show on this page. */
function tabOf(open: Name | null, edits: boolean, comparing: boolean): Name {
  if (open === "changes" && !comparing) return edits ? "history" : "log";
  if (!edits && (open === "problems" || open === "history")) return "log";
  return open ?? "outline";
}
