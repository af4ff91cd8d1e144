import { copyView } from "../actions/links.ts";
import { app } from "../app.ts";
import { nameVersion } from "../history/naming.ts";
import { backToNow, compare } from "../history/past.ts";
import { pastStore } from "../history/pastStore.ts";
import { isReplaying, startReplay } from "../runs/replay.ts";
import { docStore } from "../state/doc.ts";
import { runStore } from "../state/run.ts";
import { setUi } from "../state/ui.ts";
import type { Command } from "./types.ts";

const drafted = (): boolean => app().boot.mode === "edit" && docStore.getState().loaded;
const past = (): boolean => pastStore.getState().document !== null;
const revision = (): number => pastStore.getState().revision?.rev ?? docStore.getState().rev ?? 0;

export const HISTORY_COMMANDS: readonly Command[] = [
  {
    id: "history.open",
    title: "History and versions",
    group: "Pipeline",
    icon: "history",
    keys: ["H"],
    scope: "canvas",
    words: "revisions past scrub restore time",
    possible: drafted,
    do: () => setUi({ drawer: "history" }),
  },
  {
    id: "history.name",
    title: "Name this version…",
    group: "Pipeline",
    icon: "tag",
    keys: [],
    scope: "page",
    words: "publish tag label",
    possible: () => drafted() && app().boot.user.can_edit,
    do: () => nameVersion(revision()),
  },
  {
    id: "history.compare",
    title: "Compare with now",
    group: "Pipeline",
    icon: "git-compare",
    keys: [],
    scope: "page",
    words: "diff changes",
    possible: () => pastStore.getState().revision !== null,
    do: () => void compare(String(revision()), "draft"),
  },
  {
    id: "history.back",
    title: "Back to now",
    group: "Pipeline",
    icon: "undo-2",
    keys: [],
    scope: "page",
    words: "leave the past close comparison",
    possible: past,
    do: backToNow,
  },
  {
    id: "run.replay",
    title: "Replay the run",
    group: "Run",
    icon: "history",
    keys: [],
    scope: "page",
    words: "time travel scrub gantt",
    possible: () => runStore.getState().run !== null && !isReplaying(),
    do: startReplay,
  },
  {
    id: "link.view",
    title: "Copy link to this view",
    group: "View",
    icon: "link",
    keys: [],
    scope: "page",
    words: "share viewport zoom",
    do: () => void copyView(),
  },
];
