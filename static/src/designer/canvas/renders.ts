/** How often each node was rendered: what the tests of speed count. */

const counts = new Map<string, number>();

export const countRender = (id: string): void => {
  counts.set(id, (counts.get(id) ?? 0) + 1);
};

export const renders = {
  of: (id: string): number => counts.get(id) ?? 0,
  total: (): number => [...counts.values()].reduce((sum, count) => sum + count, 0),
  reset: (): void => counts.clear(),
};

declare global {
  interface Window {
    portlineRenders?: typeof renders;
  }
}

if (typeof window !== "undefined") window.portlineRenders = renders;
