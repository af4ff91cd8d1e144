import { useEffect, useRef } from "react";

import { elapsed, formatElapsed } from "../../run/duration.ts";

const clocks = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  for (const each of clocks) each();
}

/** Time since then, counting; writes its own text, so nothing is rendered while it runs. */
export function Ticking({ since }: { since: string }) {
  const span = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const show = () => {
      if (span.current) span.current.textContent = formatElapsed(elapsed(since, null, Date.now()) ?? 0);
    };
    show();
    clocks.add(show);
    timer ??= setInterval(tick, 1000);
    return () => {
      clocks.delete(show);
      if (clocks.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
    };
  }, [since]);
  return <span ref={span} />;
}
