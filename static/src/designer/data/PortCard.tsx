import "./data.css";

import { useEffect, useLayoutEffect, useRef } from "react";

import { Icon } from "../../lib/Icon.tsx";
import { app } from "../app.ts";
import { familyOf, hue } from "../canvas/family.ts";
import { PortShape } from "../canvas/PortShape.tsx";
import { useDoc } from "../state/doc.ts";
import { resultAt, schemaAt, useResults } from "../state/results.ts";
import { ColumnList } from "./ColumnList.tsx";
import type { PortFacts } from "./portCard.ts";
import { hideCard, hideCardSoon, keepCard, usePortCard } from "./portCard.ts";
import { openPreview } from "./previews.ts";

/** What a port carries, beside it. */
export function PortCard() {
  const shown = usePortCard();
  return shown && <Card key={`${shown.end.node} ${shown.end.side} ${shown.end.port}`} facts={shown} />;
}

function Card({ facts }: { facts: PortFacts }) {
  const { end, label, type, state, at } = facts;
  const document = useDoc((doc) => doc.document);
  const schema = useResults((known) => schemaAt(known, document, end));
  const result = useResults((known) => resultAt(known, document, end));
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const { width, height } = element.getBoundingClientRect();
    const left = end.side === "out" ? at.x + 14 : at.x - width - 14;
    element.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    element.style.top = `${Math.max(8, Math.min(at.y - 16, innerHeight - height - 8))}px`;
  });
  useEffect(() => {
    window.addEventListener("pointerdown", away, true);
    window.addEventListener("wheel", away, true);
    window.addEventListener("keydown", away, true);
    return () => {
      window.removeEventListener("pointerdown", away, true);
      window.removeEventListener("wheel", away, true);
      window.removeEventListener("keydown", away, true);
    };
    function away(event: Event) {
      if (!box.current?.contains(event.target as Node)) hideCard();
    }
  }, []);
  return (
    <div
      ref={box}
      className="port-card"
      role="tooltip"
      data-testid="port-card"
      onPointerEnter={keepCard}
      onPointerLeave={hideCardSoon}
    >
      <header>
        <span className="wire-row__shape" style={{ color: hue(familyOf(type)) }}>
          <PortShape family={familyOf(type)} />
        </span>
        <strong>{label}</strong>
        <span className="port-card__type">
          {app().catalog.labels[type] ?? type}
          {state && ` · ${state}`}
        </span>
      </header>
      {schema && <ColumnList schema={schema} />}
      {result && (
        <button
          type="button"
          className="btn port-card__show"
          onClick={() => {
            hideCard();
            openPreview(end);
          }}
        >
          <Icon name="eye" size={14} />
          Show the last result
        </button>
      )}
    </div>
  );
}
