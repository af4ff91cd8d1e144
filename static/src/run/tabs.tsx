import "./tabs.css";

import { type KeyboardEvent, useId, useRef } from "react";

export interface Tab<T extends string> {
  id: T;
  label: string;
  count?: number;
}

/** A tab list as WAI-ARIA describes it: one tab stop, arrows move, the panel follows. */
export function useTabs<T extends string>(tabs: Tab<T>[], current: T, onChange: (tab: T) => void) {
  const base = useId();
  const list = useRef<HTMLDivElement>(null);

  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.id === current);
    const steps: Record<string, number> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: tabs.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = tabs[(to + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next.id);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };

  const bar = (label: string) => (
    <div className="run-tabs" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={`${base}-tab-${tab.id}`}
          data-tab={tab.id}
          aria-selected={tab.id === current}
          aria-controls={`${base}-panel`}
          tabIndex={tab.id === current ? 0 : -1}
          onClick={() => onChange(tab.id)}
        >
          {tab.label}
          {tab.count !== undefined && tab.count > 0 && <span className="run-tab-count">{tab.count}</span>}
        </button>
      ))}
    </div>
  );
  const panel = {
    role: "tabpanel",
    id: `${base}-panel`,
    "aria-labelledby": `${base}-tab-${current}`,
  } as const;
  return { bar, panel };
}
