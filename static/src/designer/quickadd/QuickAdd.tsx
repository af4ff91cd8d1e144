import "./quick-add.css";

import type { KeyboardEvent } from "react";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

import type { Interface } from "../../graph/types.ts";
import { search } from "../../lib/fuzzy.ts";
import { Icon } from "../../lib/Icon.tsx";
import type { New } from "../actions/add.ts";
import { addNode, fits } from "../actions/add.ts";
import { flyTo, focusNode } from "../actions/focus.ts";
import { titleOf } from "../actions/edit.ts";
import { isOrderEnd } from "../actions/order.ts";
import { replaceComponent } from "../actions/upgrade.ts";
import { typeOf } from "../actions/wire.ts";
import { app } from "../app.ts";
import { familyOf, hue } from "../canvas/family.ts";
import { byCategoryName, categoryHue } from "../palette/categories.ts";
import type { Asset } from "../state/doc.ts";
import { useDoc } from "../state/doc.ts";
import type { QuickAdd as Request } from "../state/ui.ts";
import { setUi, useUi } from "../state/ui.ts";

interface Choice {
  key: string;
  title: string;
  note: string;
  icon: string;
  tile: string;
  texts: readonly string[];
  warn: boolean;
  what: New | { go: string };
}

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
  const [at, setAt] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const back = useRef<Element | null>(null);
  const type = request.from ? typeOf(request.from) : "";

  const choices = useMemo(() => {
    const order = request.from !== null && isOrderEnd(request.from);
    const wanted = request.from && !all && !order ? request.from : null;
    const list: Choice[] = [];
    for (const face of components) {
      const fit = wanted ? fits(face, wanted, type) : "yes";
      if (fit !== "no") list.push(componentChoice(face, fit === "warn"));
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
    const found = search(query, list, (choice) => choice.texts);
    return (
      query ? found : found.sort((a, b) => Number(a.warn) - Number(b.warn) || byCategoryName(a.note, b.note))
    ).slice(0, 60);
  }, [components, assets, nodes, query, all, request.from, request.replace, type]);

  useLayoutEffect(() => {
    back.current = document.activeElement;
    const element = box.current;
    if (!element) return;
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${Math.max(8, Math.min(request.screen.x, innerWidth - width - 8))}px`;
    element.style.top = `${Math.max(8, Math.min(request.screen.y, innerHeight - Math.max(height, 320) - 8))}px`;
    element.querySelector("input")?.focus();
  }, [request]);
  useEffect(() => {
    const away = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setUi({ quickAdd: null });
    };
    window.addEventListener("pointerdown", away, true);
    return () => window.removeEventListener("pointerdown", away, true);
  }, []);
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at, choices]);

  const close = () => {
    setUi({ quickAdd: null });
    if (back.current instanceof HTMLElement) back.current.focus({ preventScroll: true });
  };
  const choose = (choice: Choice | undefined, alone: boolean) => {
    if (!choice) return;
    close();
    if ("go" in choice.what) {
      flyTo(choice.what.go);
      return focusNode(choice.what.go);
    }
    if (request.replace !== undefined) {
      if ("component" in choice.what) replaceComponent(request.replace, choice.what.component);
      return;
    }
    addNode(choice.what, { at: request.at, from: request.from, link: !alone && !request.at, focus: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to !== undefined) setAt((to + choices.length) % Math.max(1, choices.length));
    else if (event.key === "Enter") choose(choices[at], event.shiftKey);
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
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
  return (
    <div className="quick-add" role="dialog" aria-label={label} ref={box} onKeyDown={onKeyDown}>
      <div className="quick-add__search">
        <Icon name="search" size={14} />
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls="quick-add-list"
          aria-activedescendant={choices[at] ? `quick-add-${at}` : undefined}
          aria-label={label}
          placeholder={
            request.from || request.replace !== undefined ? `${label}…` : "Add a component, find a node…"
          }
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
        />
      </div>
      <div className="quick-add__list" role="listbox" id="quick-add-list" aria-label={label}>
        {choices.map((choice, index) => (
          <div
            key={choice.key}
            id={`quick-add-${index}`}
            role="option"
            aria-selected={index === at}
            className="quick-add__item"
            data-testid={`quick-add-${choice.key}`}
            onPointerMove={() => index !== at && setAt(index)}
            onClick={(event) => choose(choice, event.shiftKey)}
          >
            <span className="step-node__tile" style={{ "--tile": choice.tile }}>
              <Icon name={choice.icon} size={14} />
            </span>
            <span className="quick-add__title">{choice.title}</span>
            <span className="quick-add__note">{choice.warn ? "may fit" : choice.note}</span>
          </div>
        ))}
      </div>
      {choices.length === 0 && <p className="quick-add__none">Nothing found.</p>}
      {request.from && !order && (
        <label className="quick-add__all">
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} /> Show
          everything, also what does not fit {request.from.side === "out" ? "after" : "before"}{" "}
          {titleOf(request.from.node)}
        </label>
      )}
    </div>
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
