import { reach } from "../../graph/adjacency.ts";
import { nudge } from "../actions/edit.ts";
import { focusNode } from "../actions/focus.ts";
import { noteIdOf, sectionIdOf } from "../../graph/types.ts";
import { copyLink } from "../actions/links.ts";
import { startConnecting, openNodeActions } from "../actions/open.ts";
import { askForWire, disconnectAll, swapInputs } from "../actions/rewire.ts";
import { askToRun } from "../actions/run.ts";
import { app } from "../app.ts";
import { hasResult, toggleNodePreview } from "../data/previews.ts";
import { isGroup, nodeAt, toggleGroup } from "../groups/expand.ts";
import type { Direction } from "../keyboard/neighbour.ts";
import { DIRECTIONS, neighbour } from "../keyboard/neighbour.ts";
import { toggleFold } from "../sections/actions.ts";
import { docStore } from "../state/doc.ts";
import { announce, select, setUi, uiStore } from "../state/ui.ts";
import type { Command } from "./types.ts";

const own = (id: string | null): id is string => id !== null && id in docStore.getState().document.nodes;
const editable = (id: string | null): boolean => own(id) && docStore.getState().editable;
const isStep = (id: string | null): boolean =>
  own(id) && docStore.getState().document.nodes[id]!.kind !== "data";
const mayRun = (id: string | null): boolean =>
  isStep(id) && app().session !== null && app().boot.user.can_run;

const annotation = (id: string | null): boolean =>
  id !== null && docStore.getState().editable && (noteIdOf(id) ?? sectionIdOf(id)) !== null;

type NodeCommand = Omit<Command, "group" | "scope" | "do"> & { do(id: string): void };

const onNode = (command: NodeCommand): Command => ({
  possible: (id) => id !== null,
  ...command,
  group: "On a node",
  scope: "node",
  do: (id) => id !== null && command.do(id),
});

const WAYS: Readonly<Record<Direction, string>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

export const NODE_COMMANDS: readonly Command[] = [
  onNode({
    id: "node.inspect",
    title: "Open in the inspector",
    icon: "settings-2",
    keys: ["Enter"],
    do(id) {
      select([id]);
      if (annotation(id)) return setUi({ renaming: id });
      setUi({ inspector: true });
      setTimeout(() => document.querySelector<HTMLElement>(".inspector [data-first-field]")?.focus());
    },
  }),
  onNode({
    id: "node.rename",
    title: "Rename",
    icon: "pencil",
    keys: ["F2"],
    possible: (id) => editable(id) || annotation(id),
    do: (id) => setUi({ renaming: id }),
  }),
  onNode({
    id: "node.connect",
    title: "Connect…",
    icon: "spline",
    keys: ["C"],
    words: "wire",
    possible: (id) => id !== null && docStore.getState().editable,
    do: startConnecting,
  }),
  onNode({
    id: "node.run-after",
    title: "Run after…",
    icon: "arrow-down-to-line",
    keys: ["O"],
    words: "order edge",
    possible: (id) => editable(id) && isStep(id),
    do: (node) => setUi({ ordering: { node, side: "in" } }),
  }),
  onNode({
    id: "node.run-before",
    title: "Let another run after it…",
    icon: "arrow-down-to-line",
    keys: ["Shift+O"],
    words: "order edge",
    possible: (id) => editable(id) && isStep(id),
    do: (node) => setUi({ ordering: { node, side: "out" } }),
  }),
  onNode({
    id: "node.swap",
    title: "Swap two inputs",
    icon: "arrow-down-up",
    keys: ["S"],
    words: "exchange wires",
    possible: editable,
    do: swapInputs,
  }),
  onNode({
    id: "node.insert",
    title: "Put into a wire…",
    icon: "git-merge",
    keys: ["I"],
    words: "insert edge",
    possible: editable,
    do: askForWire,
  }),
  onNode({
    id: "node.disconnect",
    title: "Disconnect all",
    icon: "unlink",
    keys: ["X"],
    words: "detach wires",
    possible: editable,
    do: disconnectAll,
  }),
  onNode({
    id: "node.group",
    title: "Look inside or fold, or back",
    icon: "maximize",
    keys: ["E"],
    words: "expand open",
    possible: (id) => id !== null && (sectionIdOf(id) !== null || isGroup(nodeAt(id)?.node)),
    do: (id) => (sectionIdOf(id) === null ? toggleGroup(id) : toggleFold(id)),
  }),
  onNode({
    id: "node.result",
    title: "Show its last result, or close it",
    icon: "eye",
    keys: ["V"],
    words: "preview output table",
    possible: (id) => id !== null && hasResult(id),
    do: toggleNodePreview,
  }),
  onNode({
    id: "run.to",
    title: "Run up to here",
    icon: "play",
    keys: ["R"],
    possible: mayRun,
    do: (to) => askToRun({ only: { to } }),
  }),
  onNode({
    id: "run.from",
    title: "Run from here",
    icon: "play",
    keys: ["Shift+R"],
    possible: mayRun,
    do: (from) => askToRun({ only: { from } }),
  }),
  onNode({
    id: "node.link",
    title: "Copy link to node",
    icon: "link",
    keys: [],
    do: (id) => void copyLink(id),
  }),
  onNode({
    id: "node.select-before",
    title: "Select what comes before it",
    icon: "arrow-left",
    keys: ["Shift+U"],
    words: "upstream",
    possible: own,
    do: (id) => select(reach(docStore.getState().document, id, "in")),
  }),
  onNode({
    id: "node.select-after",
    title: "Select what comes after it",
    icon: "arrow-right",
    keys: ["U"],
    words: "downstream",
    possible: own,
    do: (id) => select(reach(docStore.getState().document, id)),
  }),
  onNode({
    id: "node.toggle",
    title: "Add to the selection, or take from it",
    keys: ["Space"],
    unlisted: true,
    do(id) {
      const next = new Set(uiStore.getState().selection);
      if (!next.delete(id)) next.add(id);
      select(next);
    },
  }),
  onNode({
    id: "node.menu",
    title: "Open its menu",
    keys: ["M", "ContextMenu", "Shift+F10"],
    unlisted: true,
    do: openNodeActions,
  }),
  ...(Object.keys(DIRECTIONS) as Direction[]).flatMap(moves),
];

function moves(key: Direction): Command[] {
  const way = WAYS[key];
  const [dx, dy] = DIRECTIONS[key];
  const go = (extend: boolean) => (id: string | null) => {
    const next = id === null ? null : neighbour(id, key);
    if (next === null) return announce("Nothing that way.");
    select(extend ? [...uiStore.getState().selection, next] : [next]);
    focusNode(next);
  };
  const push = (steps: number) => (id: string | null) => {
    if (id === null || !docStore.getState().editable) return;
    const { selection } = uiStore.getState();
    nudge(selection.has(id) ? selection : [id], dx * steps, dy * steps);
  };
  const one = (id: string, title: string, keys: string, act: Command["do"]): Command => ({
    id: `${id}.${way}`,
    title,
    group: "Move about",
    keys: [keys],
    scope: "node",
    unlisted: true,
    possible: (node) => node !== null,
    do: act,
  });
  const where =
    way === "left" || way === "right"
      ? `Go ${way}, along a wire if there is one`
      : `Go to the node ${way}wards`;
  return [
    one("go", where, key, go(false)),
    one(
      "extend",
      `Select the node to the ${way} too`.replace(/to the (up|down)/, "$1wards"),
      `Shift+${key}`,
      go(true),
    ),
    one("push", `Move ${way} by 8 px`, `Alt+${key}`, push(1)),
    one("push-far", `Move ${way} by 32 px`, `Alt+Shift+${key}`, push(4)),
  ];
}
