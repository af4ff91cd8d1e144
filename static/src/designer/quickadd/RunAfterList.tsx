import type { KeyboardEvent } from "react";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

import type { Condition, OrderEdge } from "../../graph/types.ts";
import { search } from "../../lib/fuzzy.ts";
import { Icon } from "../../lib/Icon.tsx";
import { titleOf } from "../actions/edit.ts";
import { canvasPane, focusNode } from "../actions/focus.ts";
import { connectOrder, joinable } from "../actions/order.ts";
import { CONDITIONS, conditionsOf } from "../canvas/conditions.ts";
import { useDoc } from "../state/doc.ts";
import type { Side } from "../state/ui.ts";
import { notify, setUi, useUi } from "../state/ui.ts";

interface Choice {
  edge: OrderEdge;
  other: string;
  /** Why it cannot be. */
  reason: string;
}

/** "Run after...": a node, then a condition. Nodes that cannot be are listed with the reason. */
export function RunAfterList() {
  const asked = useUi((ui) => ui.ordering);
  return asked && <List key={`${asked.node} ${asked.side}`} node={asked.node} side={asked.side} />;
}

function List({ node, side }: { node: string; side: Side }) {
  const document_ = useDoc((doc) => doc.document);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const [picked, setPicked] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);

  const others = useMemo(() => {
    const found = [...joinable(document_, node, side)].map(([id, judged]) => ({
      id,
      reason: judged.verdict === "no" ? judged.reason : "",
    }));
    return found.sort((a, b) => Number(a.reason !== "") - Number(b.reason !== ""));
  }, [document_, node, side]);

  const choices = useMemo((): Choice[] => {
    const list = picked === null ? others : others.filter(({ id }) => id === picked);
    const all = list.flatMap(({ id, reason }): Choice[] => {
      const [source, target] = side === "in" ? [id, node] : [node, id];
      const conditions = conditionsOf(document_.nodes[source]);
      const offered: readonly Condition[] = picked === null ? conditions.slice(0, 1) : conditions;
      return offered.map((condition) => ({ edge: { source, target, condition }, other: id, reason }));
    });
    const words = (each: Choice) => (picked === null ? [titleOf(each.other)] : [each.edge.condition]);
    return search(query, all, words).slice(0, 80);
  }, [others, picked, document_, node, side, query]);

  useLayoutEffect(() => {
    const element = box.current;
    const card = canvasPane()
      ?.querySelector(`.react-flow__node[data-id="${CSS.escape(node)}"]`)
      ?.getBoundingClientRect();
    if (!element) return;
    element.style.left = `${Math.max(8, Math.min((card?.right ?? 300) + 12, innerWidth - 368))}px`;
    element.style.top = `${Math.max(8, Math.min(card?.top ?? 120, innerHeight - 360))}px`;
    element.querySelector("input")?.focus();
  }, [node]);
  useEffect(() => {
    const away = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setUi({ ordering: null });
    };
    window.addEventListener("pointerdown", away, true);
    return () => window.removeEventListener("pointerdown", away, true);
  }, []);
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at, choices]);

  const close = () => {
    setUi({ ordering: null });
    focusNode(node);
  };
  const choose = (choice: Choice | undefined) => {
    if (!choice) return;
    if (choice.reason) return notify(choice.reason, choice.other);
    if (picked === null) {
      setPicked(choice.other);
      setQuery("");
      return setAt(0);
    }
    close();
    connectOrder(choice.edge);
  };
  const back = () => {
    setPicked(null);
    setQuery("");
    setAt(0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to !== undefined) setAt((to + choices.length) % Math.max(1, choices.length));
    else if (event.key === "Enter") choose(choices[at]);
    else if (event.key === "Backspace" && query === "" && picked !== null) back();
    else if (event.key === "Escape" && picked !== null) back();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
  };
  const title = titleOf(node);
  const label =
    picked !== null
      ? `${side === "in" ? title : titleOf(picked)} runs when ${side === "in" ? titleOf(picked) : title}`
      : side === "in"
        ? `Run ${title} after`
        : `Run after ${title}`;
  return (
    <div className="quick-add" role="dialog" aria-label={label} ref={box} onKeyDown={onKeyDown}>
      <div className="quick-add__search">
        <Icon name="arrow-down-to-line" size={14} />
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls="run-after-list"
          aria-activedescendant={choices[at] ? `run-after-${at}` : undefined}
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
      <div className="quick-add__list" role="listbox" id="run-after-list" aria-label={label}>
        {choices.map((choice, index) => {
          const look = CONDITIONS[choice.edge.condition];
          return (
            <div
              key={`${choice.other} ${choice.edge.condition}`}
              id={`run-after-${index}`}
              role="option"
              aria-selected={index === at}
              aria-disabled={choice.reason !== ""}
              className={`quick-add__item${choice.reason ? " is-refused" : ""}`}
              title={choice.reason}
              onPointerMove={() => index !== at && setAt(index)}
              onClick={() => choose(choice)}
            >
              {picked !== null && (
                <span style={{ color: look.hue }}>
                  <Icon name={look.icon} size={14} />
                </span>
              )}
              <span className="quick-add__title">{picked === null ? titleOf(choice.other) : look.word}</span>
              <span className="quick-add__note">{picked === null ? choice.reason : look.help}</span>
            </div>
          );
        })}
      </div>
      {choices.length === 0 && <p className="quick-add__none">No other step is on the canvas.</p>}
    </div>
  );
}
