import { useUi } from "../state/ui.ts";

/** What is said to those who do not see the canvas. */
export function LiveRegion() {
  const said = useUi((ui) => ui.said);
  // Alternating a no-break space makes the same sentence be said twice.
  const text = said.text + (said.serial % 2 ? "\u00a0" : "");
  return (
    <>
      <div className="sr-only" role="status" aria-live="polite" data-testid="live-region">
        {said.urgent ? "" : text}
      </div>
      <div className="sr-only" role="alert" aria-live="assertive">
        {said.urgent ? text : ""}
      </div>
    </>
  );
}
