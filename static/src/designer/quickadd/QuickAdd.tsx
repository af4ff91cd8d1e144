import { useMemo, useState } from "react";

import type { Interface } from "../../graph/types.ts";
import { search } from "../../lib/fuzzy.ts";
import { Icon } from "../../lib/Icon.tsx";
import { addNode, fits } from "../actions/add.ts";
import { flyTo, focusNode } from "../actions/focus.ts";
import { titleOf } from "../actions/edit.ts";
import { isOrderEnd } from "../actions/order.ts";
import { replaceComponent } from "../actions/upgrade.ts";
import { typeOf } from "../actions/wire.ts";
import { app } from "../app.ts";
import { familyOf, hue } from "../canvas/family.ts";
import { categoryHue } from "../palette/categories.ts";
import { usage } from "../data/joins.ts";
import { PickList } from "../picklist/PickList.tsx";
import type { Asset } from "../state/doc.ts";
import { useDoc } from "../state/doc.ts";
import type { QuickAdd as Request } from "../state/ui.ts";
import { setUi, useUi } from "../state/ui.ts";
import type { Choice } from "./rank.ts";
import { rank } from "./rank.ts";

/** Search and add, at the pointer; with a wire in hand, only what fits its end. */
export function QuickAdd() {
  const request = useUi((ui) => ui.quickAdd);
  return request && <List key={`${request.screen.x} ${request.screen.y}`} request={request} />;
}

function List({ request }: { request: Request }) {
  const components = useDoc((doc) => doc.components);
  const assets = useDoc((doc) => doc.assets);
  const nodes = useDoc((doc) => doc.document.nodes);
  const [query, setQuery] = useState("");
  const [all, setAll] = useState(false);
  const [back] = useState(() => document.activeElement);
  const type = request.from ? typeOf(request.from) : "";

  const choices = useMemo(() => {
    const order = request.from !== null && isOrderEnd(request.from);
    const wanted = request.from && !all && !order ? request.from : null;
    const list: Choice[] = [];
    for (const face of components) {
      const fit = wanted ? fits(face, wanted, type) : "yes";
      const { times, alike } = wanted ? usage(face, wanted, type) : { times: 0, alike: 0 };
      if (fit !== "no") list.push({ ...componentChoice(face, fit === "warn"), times, alike });
    }
    if (request.replace === undefined && (!wanted || wanted.side === "out")) list.push(BRANCH_CHOICE);
    if (!request.from && request.replace === undefined) {
      list.push(...assets.map(assetChoice));
      if (query) {
        for (const node of Object.values(nodes)) {
          const tile = "var(--accent)";
          const texts = [node.title, node.id];
          list.push({
            key: `go ${node.id}`,
            title: node.title,
            note: "go to",
            icon: "crosshair",
            tile,
            texts,
            warn: false,
            what: { go: node.id },
          });
        }
      }
    }
    return (query ? search(query, list, (choice) => choice.texts) : rank(list)).slice(0, 60);
  }, [components, assets, nodes, query, all, request.from, request.replace, type]);

  const close = () => {
    setUi({ quickAdd: null });
    if (back instanceof HTMLElement) back.focus({ preventScroll: true });
  };
  const choose = (choice: Choice, alone: boolean) => {
    close();
    if ("go" in choice.what) {
      flyTo(choice.what.go);
      return focusNode(choice.what.go);
    }
    if (request.replace !== undefined) {
      if ("component" in choice.what) replaceComponent(request.replace, choice.what.component);
      return;
    }
    addNode(choice.what, {
      at: request.at,
      from: request.from,
      link: !alone && (!request.at || request.link === true),
      focus: true,
    });
  };
  const word = app().catalog.labels[type] ?? type;
  const order = request.from !== null && isOrderEnd(request.from);
  const label =
    request.replace !== undefined
      ? `Component to take for ${titleOf(request.replace)}`
      : order
        ? "Add a step that runs after it"
        : request.from
          ? request.from.side === "out"
            ? `Components that take a ${word}`
            : `Components that give a ${word}`
          : "Add a component or find a node";
  const asked = request.from !== null || request.replace !== undefined;
  return (
    <PickList<Choice>
      label={label}
      icon="search"
      placeholder={asked ? `${label}…` : "Add a component, find a node…"}
      at={request.screen}
      query={query}
      onQuery={setQuery}
      choices={choices}
      keyOf={({ key }) => key}
      onChoose={choose}
      onClose={(left) => (left ? close() : setUi({ quickAdd: null }))}
      none="Nothing found."
      foot={
        request.from &&
        !order && (
          <label className="pick-list__all">
            <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} /> Show
            everything, also what does not fit {request.from.side === "out" ? "after" : "before"}{" "}
            {titleOf(request.from.node)}
          </label>
        )
      }
    >
      {(choice) => (
        <>
          <span className="step-node__tile" style={{ "--tile": choice.tile }}>
            <Icon name={choice.icon} size={14} />
          </span>
          <span className="pick-list__title">{choice.title}</span>
          <span className="pick-list__note">{choice.warn ? "may fit" : choice.note}</span>
        </>
      )}
    </PickList>
  );
}

const BRANCH_CHOICE: Choice = {
  key: "branch",
  title: "If / else",
  note: "Control flow",
  icon: "split",
  tile: categoryHue("Control flow"),
  texts: ["If / else", "branch", "condition", "control flow"],
  warn: false,
  what: { branch: true },
};

function componentChoice(face: Interface, warn: boolean): Choice {
  const texts = [face.title, face.name, face.category, (face.tags ?? []).join(" "), face.description];
  const what = { component: face };
  return {
    key: face.name,
    title: face.title,
    note: face.category,
    icon: face.icon,
    tile: categoryHue(face.category),
    texts,
    warn,
    what,
  };
}

function assetChoice(asset: Asset): Choice {
  const title = asset.title || asset.name;
  const tile = hue(familyOf(asset.type));
  return {
    key: asset.ref,
    title,
    note: "data",
    icon: "database",
    tile,
    texts: [title, asset.name],
    warn: false,
    what: { asset },
  };
}
