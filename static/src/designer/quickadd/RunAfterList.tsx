import { useMemo, useState } from "react";

import type { Condition, OrderEdge } from "../../graph/types.ts";
import { search } from "../../lib/fuzzy.ts";
import { Icon } from "../../lib/Icon.tsx";
import { titleOf } from "../actions/edit.ts";
import { focusNode } from "../actions/focus.ts";
import { connectOrder, joinable } from "../actions/order.ts";
import { CONDITIONS, conditionsOf } from "../canvas/conditions.ts";
import { PickList, besideNode } from "../picklist/PickList.tsx";
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
  const [picked, setPicked] = useState<string | null>(null);
  const [at] = useState(() => besideNode(node));

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

  const close = () => {
    setUi({ ordering: null });
    focusNode(node);
  };
  const choose = (choice: Choice) => {
    if (choice.reason) return notify(choice.reason, choice.other);
    if (picked === null) {
      setPicked(choice.other);
      return setQuery("");
    }
    close();
    connectOrder(choice.edge);
  };
  const back = (): boolean => {
    if (picked === null) return false;
    setPicked(null);
    setQuery("");
    return true;
  };
  const title = titleOf(node);
  const label =
    picked !== null
      ? `${side === "in" ? title : titleOf(picked)} runs when ${side === "in" ? titleOf(picked) : title}`
      : side === "in"
        ? `Run ${title} after`
        : `Run after ${title}`;
  return (
    <PickList<Choice>
      label={label}
      icon="arrow-down-to-line"
      at={at}
      query={query}
      onQuery={setQuery}
      choices={choices}
      keyOf={({ other, edge }) => `${other} ${edge.condition}`}
      refused={({ reason }) => reason}
      onChoose={choose}
      onClose={(left) => (left ? close() : setUi({ ordering: null }))}
      onBack={back}
      none="No other step is on the canvas."
    >
      {(choice) => {
        const look = CONDITIONS[choice.edge.condition];
        return (
          <>
            {picked !== null && (
              <span style={{ color: look.hue }}>
                <Icon name={look.icon} size={14} />
              </span>
            )}
            <span className="pick-list__title">{picked === null ? titleOf(choice.other) : look.word}</span>
            <span className="pick-list__note">{picked === null ? choice.reason : look.help}</span>
          </>
        );
      }}
    </PickList>
  );
}
