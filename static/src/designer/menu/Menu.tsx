import type { KeyboardEvent } from "react";
import { useEffect, useLayoutEffect, useRef } from "react";

import { Icon } from "../../lib/Icon.tsx";
import { closeMenu, useMenu } from "./menuStore.ts";

/** The one menu that may be open, placed where it fits. */
export function Menu() {
  const menu = useMenu();
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = list.current;
    if (!menu || !element) return;
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${Math.max(8, Math.min(menu.at.x, innerWidth - width - 8))}px`;
    element.style.top = `${Math.max(8, Math.min(menu.at.y, innerHeight - height - 8))}px`;
    element.querySelector<HTMLElement>("button:not(:disabled)")?.focus();
  }, [menu]);
  useEffect(() => {
    if (!menu) return;
    const away = (event: Event) => {
      if (!list.current?.contains(event.target as Node)) closeMenu();
    };
    window.addEventListener("pointerdown", away, true);
    window.addEventListener("blur", closeMenu);
    return () => {
      window.removeEventListener("pointerdown", away, true);
      window.removeEventListener("blur", closeMenu);
    };
  }, [menu]);
  if (!menu) return null;

  const close = () => {
    closeMenu();
    menu.back?.focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>("button:not(:disabled)") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: buttons.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      buttons[(to + buttons.length) % buttons.length]?.focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      close();
    }
  };
  return (
    <div className="context-menu" role="menu" aria-label={menu.label} ref={list} onKeyDown={onKeyDown}>
      {menu.items.map((item, index) =>
        item === "-" ? (
          <hr key={index} />
        ) : (
          <button
            key={index}
            type="button"
            role={item.checked === undefined ? "menuitem" : "menuitemradio"}
            aria-checked={item.checked}
            tabIndex={-1}
            disabled={item.disabled}
            className={`context-menu__item${item.danger ? " context-menu__item--danger" : ""}`}
            onClick={() => {
              close();
              item.do();
            }}
          >
            {item.tint ? (
              <span className={`colour-dot tint--${item.tint}`} aria-hidden="true" />
            ) : (
              <Icon name={item.icon ?? (item.checked ? "check" : "minus")} size={14} />
            )}
            <span className="context-menu__label">
              {item.label}
              {item.note && <small>{item.note}</small>}
            </span>
            {item.checked && (item.icon ?? item.tint) && <Icon name="check" size={14} />}
            {item.keys && <kbd>{item.keys}</kbd>}
          </button>
        ),
      )}
    </div>
  );
}
