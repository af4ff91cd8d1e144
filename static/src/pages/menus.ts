/** Menus are `<details data-menu>`: they close as menus do, and the arrow keys move within them. */
export function startMenus(): void {
  document.addEventListener("click", (event) => {
    const inside = (event.target as Element).closest("details[data-menu]");
    for (const menu of openMenus()) if (menu !== inside) menu.open = false;
    const item = (event.target as Element).closest('[role^="menuitem"]');
    if (item && inside) (inside as HTMLDetailsElement).open = false;
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target as Node)) menu.open = false;
  });
  document.addEventListener("keydown", onKey);
}

function onKey(event: KeyboardEvent): void {
  const menu = (event.target as Element | null)?.closest<HTMLDetailsElement>("details[data-menu]");
  if (!menu) return;
  if (event.key === "Escape" && menu.open) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
    event.preventDefault();
    return;
  }
  if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  event.preventDefault();
  menu.open = true;
  const items = [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[next(event.key, at, items.length)]?.focus();
}

function next(key: string, at: number, count: number): number {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (key === "ArrowDown") return (at + 1) % count;
  return at <= 0 ? count - 1 : at - 1;
}

const openMenus = () => document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]");
