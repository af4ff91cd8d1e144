import type { KeyboardEvent } from "react";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

import { interfaceOf, outputPorts } from "../../graph/ports.ts";
import type { Target } from "../../graph/placement.ts";
import { targetsOf } from "../../graph/placement.ts";
import { inputNameOf } from "../../graph/types.ts";
import { search } from "../../lib/fuzzy.ts";
import { Icon } from "../../lib/Icon.tsx";
import { connect, titleOf } from "../actions/edit.ts";
import { canvasPane, focusNode } from "../actions/focus.ts";
import { app } from "../app.ts";
import { docStore, useDoc } from "../state/doc.ts";
import { setUi, useUi } from "../state/ui.ts";

interface Choice extends Target {
  output: string;
  outputLabel: string;
}

/** Wiring by keyboard: every input that the focused node's outputs may feed, nearest first. */
export function ConnectList() {
  const end = useUi((ui) => ui.connecting);
  return end && <List key={end.node} from={end.node} only={end.port} />;
}

function outputsOf(id: string): { name: string; label: string }[] {
  const name = inputNameOf(id);
  if (name !== null) return [{ name, label: name }];
  const node = docStore.getState().document.nodes[id];
  return node ? [...outputPorts(node, interfaceOf(node, app().catalog))] : [];
}

function List({ from, only }: { from: string; only: string }) {
  const document_ = useDoc((doc) => doc.document);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const box = useRef<HTMLDivElement>(null);

  const choices = useMemo(() => {
    const outputs = outputsOf(from).filter((port) => only === "" || port.name === only);
    const all = outputs.flatMap((port) =>
      targetsOf(document_, app().catalog, from, port.name).map((target): Choice => ({
        ...target,
        output: port.name,
        outputLabel: port.label,
      })),
    );
    return search(query, all, (each) => [titleOf(each.node), each.label, each.outputLabel]).slice(0, 80);
  }, [document_, from, only, query]);

  useLayoutEffect(() => {
    const element = box.current;
    const node = canvasPane()
      ?.querySelector(`.react-flow__node[data-id="${CSS.escape(from)}"]`)
      ?.getBoundingClientRect();
    if (!element) return;
    element.style.left = `${Math.max(8, Math.min((node?.right ?? 300) + 12, innerWidth - 368))}px`;
    element.style.top = `${Math.max(8, Math.min(node?.top ?? 120, innerHeight - 360))}px`;
    element.querySelector("input")?.focus();
  }, [from]);
  useEffect(() => {
    const away = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setUi({ connecting: null });
    };
    window.addEventListener("pointerdown", away, true);
    return () => window.removeEventListener("pointerdown", away, true);
  }, []);
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at, choices]);

  const close = () => {
    setUi({ connecting: null });
    focusNode(from);
  };
  const choose = (choice: Choice | undefined) => {
    close();
    if (choice) connect(choice.wire);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to !== undefined) setAt((to + choices.length) % Math.max(1, choices.length));
    else if (event.key === "Enter") choose(choices[at]);
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
  };
  const label = `Connect ${titleOf(from)} to`;
  return (
    <div className="quick-add" role="dialog" aria-label={label} ref={box} onKeyDown={onKeyDown}>
      <div className="quick-add__search">
        <Icon name="spline" size={14} />
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls="connect-list"
          aria-activedescendant={choices[at] ? `connect-${at}` : undefined}
          aria-label={label}
          placeholder={`${label}…`}
          autoComplete="off"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
        />
      </div>
      <div className="quick-add__list" role="listbox" id="connect-list" aria-label={label}>
        {choices.map((choice, index) => (
          <div
            key={`${choice.output} ${choice.node} ${choice.port}`}
            id={`connect-${index}`}
            role="option"
            aria-selected={index === at}
            className="quick-add__item"
            title={choice.warn}
            onPointerMove={() => index !== at && setAt(index)}
            onClick={() => choose(choice)}
          >
            <span className="quick-add__title">
              {choice.outputLabel} → {titleOf(choice.node)} › {choice.label}
            </span>
            <span className="quick-add__note">{choice.warn && "may fit"}</span>
          </div>
        ))}
      </div>
      {choices.length === 0 && (
        <p className="quick-add__none">No free input on the canvas takes what this gives.</p>
      )}
    </div>
  );
}
