import { canvasFlow, fit, travel } from "../actions/focus.ts";
import { openQuickAdd } from "../actions/open.ts";
import { askToRun, cancelRun } from "../actions/run.ts";
import { app } from "../app.ts";
import { isEnded } from "../../run/status.ts";
import { openFind, stepThroughFound } from "../find/findStore.ts";
import { isReplaying } from "../runs/replay.ts";
import { docStore } from "../state/doc.ts";
import { runStore } from "../state/run.ts";
import type { Drawer } from "../state/ui.ts";
import { select, setUi, uiStore } from "../state/ui.ts";
import type { Release } from "../state/view.ts";
import { setView, viewStore } from "../state/view.ts";
import { toggleYaml } from "../yaml/open.ts";
import type { PictureFormat } from "../picture/download.ts";
import type { Command } from "./types.ts";

const editing = (): boolean => app().boot.mode === "edit";
const editable = (): boolean => docStore.getState().editable;
const mayRun = (): boolean =>
  app().session !== null && app().boot.user.can_run && !runStore.getState().starting && !isReplaying();

export const VIEW_COMMANDS: readonly Command[] = [
  {
    id: "find.commands",
    title: "Show all commands",
    group: "Find and add",
    icon: "square-terminal",
    keys: ["Ctrl+Shift+P", "F1"],
    scope: "always",
    unlisted: true,
    do: () => setUi({ commands: true }),
  },
  {
    id: "find.add",
    title: "Add a component, find a node",
    group: "Find and add",
    icon: "plus",
    keys: ["/", "Ctrl+K"],
    scope: "always",
    words: "quick-add new",
    possible: editable,
    do: () => openQuickAdd(),
  },
  {
    id: "find.graph",
    title: "Find in the graph",
    group: "Find and add",
    icon: "search",
    keys: ["Ctrl+F"],
    scope: "always",
    words: "search node parameter problem status",
    do: openFind,
  },
  {
    id: "find.next",
    title: "Next found node",
    group: "Find and add",
    icon: "arrow-down",
    keys: ["F3"],
    scope: "always",
    do: () => stepThroughFound(1),
  },
  {
    id: "find.previous",
    title: "Previous found node",
    group: "Find and add",
    icon: "arrow-up",
    keys: ["Shift+F3"],
    scope: "always",
    do: () => stepThroughFound(-1),
  },
  {
    id: "view.fit",
    title: "Fit everything",
    group: "View",
    icon: "maximize",
    keys: ["F"],
    scope: "canvas",
    words: "zoom all",
    do: () => fit(),
  },
  {
    id: "view.fit-selection",
    title: "Fit the selection",
    group: "View",
    icon: "maximize",
    keys: ["Shift+F"],
    scope: "canvas",
    words: "zoom",
    possible: () => uiStore.getState().selection.size > 0,
    do: () => fit([...uiStore.getState().selection]),
  },
  {
    id: "view.actual-size",
    title: "Zoom to 100 %",
    group: "View",
    icon: "search",
    keys: ["1"],
    scope: "canvas",
    do: () => void canvasFlow()?.zoomTo(1, { duration: travel() }),
  },
  {
    id: "view.zoom-in",
    title: "Zoom in",
    group: "View",
    icon: "plus",
    keys: ["+", "="],
    scope: "canvas",
    do: () => void canvasFlow()?.zoomIn({ duration: travel() }),
  },
  {
    id: "view.zoom-out",
    title: "Zoom out",
    group: "View",
    icon: "minus",
    keys: ["-"],
    scope: "canvas",
    do: () => void canvasFlow()?.zoomOut({ duration: travel() }),
  },
  panel("palette", "Show or hide the components", "panel-left", "["),
  panel("inspector", "Show or hide the inspector", "panel-right", "]"),
  {
    id: "view.yaml",
    title: "Show or hide the YAML",
    group: "View",
    icon: "file-code",
    keys: ["Y"],
    scope: "canvas",
    possible: editing,
    do: toggleYaml,
  },
  drawer("problems", "Show or hide the problems", "triangle-alert"),
  drawer("outline", "Show or hide the outline", "list-tree"),
  drawer("log", "Show or hide the run's log", "scroll-text"),
  release("search", "Letting a wire go searches what fits"),
  release("menu", "Letting a wire go opens a menu"),
  release("nothing", "Letting a wire go does nothing"),
  {
    id: "run.all",
    title: "Run",
    group: "Run",
    icon: "play",
    keys: ["Ctrl+Enter"],
    scope: "always",
    possible: mayRun,
    do: () => askToRun(),
  },
  {
    id: "run.anew",
    title: "Run everything anew",
    group: "Run",
    icon: "rotate-cw",
    keys: [],
    scope: "page",
    words: "force rerun no reuse cache",
    possible: mayRun,
    do: () => askToRun({ force_rerun: true }),
  },
  {
    id: "run.cancel",
    title: "Stop the run",
    group: "Run",
    icon: "octagon-x",
    keys: [],
    scope: "page",
    words: "cancel",
    possible: () => {
      const { run } = runStore.getState();
      return run !== null && !isReplaying() && !isEnded(run.status) && app().boot.user.can_run;
    },
    do: () => void cancelRun(),
  },
  {
    id: "pipeline.component",
    title: "Save as component…",
    group: "Pipeline",
    icon: "package-plus",
    keys: [],
    scope: "page",
    possible: () => editing() && app().boot.user.can_edit,
    do: () => setUi({ dialog: "component" }),
  },
  {
    id: "pipeline.export",
    title: "Export…",
    group: "Pipeline",
    icon: "file-output",
    keys: [],
    scope: "page",
    words: "kubeflow argo airflow azure",
    possible: editing,
    do: () => setUi({ dialog: "export" }),
  },
  picture("svg"),
  picture("png"),
  {
    id: "pipeline.settings",
    title: "Inputs, outputs and settings",
    group: "Pipeline",
    icon: "settings-2",
    keys: [],
    scope: "page",
    do: () => {
      select([]);
      setUi({ inspector: true });
    },
  },
  {
    id: "view.keys",
    title: "Keyboard shortcuts",
    group: "View",
    icon: "keyboard",
    keys: ["?"],
    scope: "page",
    words: "cheat sheet change rebind",
    do: () => setUi({ dialog: "keys" }),
  },
];

function panel(name: "palette" | "inspector", title: string, icon: string, key: string): Command {
  return {
    id: `view.${name}`,
    title,
    group: "View",
    icon,
    keys: [key],
    scope: "canvas",
    possible: () => name === "inspector" || editing(),
    do: () => setUi({ [name]: !uiStore.getState()[name] }),
  };
}

function drawer(name: Drawer, title: string, icon: string): Command {
  return {
    id: `view.${name}`,
    title,
    group: "View",
    icon,
    keys: [],
    scope: "page",
    do: () => setUi({ drawer: uiStore.getState().drawer === name ? null : name }),
  };
}

function release(how: Release, title: string): Command {
  return {
    id: `view.release-${how}`,
    title,
    group: "View",
    icon: "spline",
    keys: [],
    scope: "page",
    words: "setting link release drop empty canvas",
    possible: () => viewStore.getState().release !== how,
    do: () => setView({ release: how }),
  };
}

function picture(format: PictureFormat): Command {
  return {
    id: `picture.${format}`,
    title: `Download a picture as ${format.toUpperCase()}`,
    group: "Pipeline",
    icon: "image-down",
    keys: [],
    scope: "page",
    words: "export image diagram",
    possible: () => docStore.getState().loaded,
    do: () => void import("../picture/download.ts").then(({ downloadPicture }) => downloadPicture(format)),
  };
}
