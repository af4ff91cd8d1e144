import "./replay.css";

import { formatDuration } from "../../run/duration.ts";
import { StatusGlyph } from "../../run/StatusGlyph.tsx";
import { Icon } from "../../lib/Icon.tsx";
import { SPEEDS, endReplay, seek, setSpeed, stepReplay, togglePlay, useReplay } from "../runs/replay.ts";
import { useRun } from "../state/run.ts";

/** Above the canvas while a run is replayed: drag through its time, or let it play. */
export function ReplayBar() {
  const at = useReplay((state) => state.at);
  const from = useReplay((state) => state.from);
  const to = useReplay((state) => state.to);
  const playing = useReplay((state) => state.playing);
  const speed = useReplay((state) => state.speed);
  const run = useRun((state) => state.run);
  if (at === null || !run) return null;
  // A whole number of steps: the last one is the end.
  const step = Math.max(1, Math.round((to - from) / 500));
  const said = `${formatDuration(at - from)} of ${formatDuration(to - from)}`;
  return (
    <div className="replay-bar" role="region" aria-label={`Replay of run ${run.id}`} data-testid="replay-bar">
      <strong>Replay #{run.id}</strong>
      <button
        type="button"
        className="btn-icon"
        aria-label="To the event before"
        title="To the event before"
        onClick={() => stepReplay(-1)}
      >
        <Icon name="chevron-left" />
      </button>
      <button
        type="button"
        className="btn-icon"
        aria-label={playing ? "Pause" : "Play"}
        title={playing ? "Pause" : "Play"}
        data-testid="replay-play"
        onClick={togglePlay}
      >
        <Icon name={playing ? "pause" : "play"} />
      </button>
      <button
        type="button"
        className="btn-icon"
        aria-label="To the next event"
        title="To the next event"
        onClick={() => stepReplay(1)}
      >
        <Icon name="chevron-right" />
      </button>
      <input
        type="range"
        min={0}
        max={Math.ceil(Math.max(1, to - from) / step) * step}
        step={step}
        value={at - from}
        aria-label="Time of the run"
        aria-valuetext={said}
        data-testid="replay-slider"
        onChange={(event) => seek(from + Number(event.target.value))}
      />
      <output>{said}</output>
      <StatusGlyph status={run.status} size={14} />
      <select
        className="text-input"
        aria-label="Speed"
        value={speed}
        onChange={(event) => setSpeed(Number(event.target.value))}
      >
        {SPEEDS.map((each) => (
          <option key={each} value={each}>
            {each}×
          </option>
        ))}
      </select>
      <button type="button" className="btn btn--primary" data-testid="replay-end" onClick={endReplay}>
        End replay
      </button>
    </div>
  );
}
