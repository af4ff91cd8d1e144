/** Replaying a run on the canvas: at a moment of it, still or playing. */

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

import { runStore } from "../state/run.ts";
import { announce, notify, setUi } from "../state/ui.ts";
import { eventLog, holdRun, isLogged, showRun, whenLeft } from "./follow.ts";
import { Replayer } from "./replayer.ts";

export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 60, 300, 1800] as const;
const SECONDS_TO_PLAY = 10;

export interface Replay {
  /** Milliseconds since 1970; null while no run is replayed. */
  readonly at: number | null;
  readonly from: number;
  readonly to: number;
  readonly playing: boolean;
  readonly speed: number;
}

const NONE: Replay = { at: null, from: 0, to: 0, playing: false, speed: 1 };
export const replayStore = createStore<Replay>(() => NONE);
export const useReplay = <T>(select: (state: Replay) => T): T => useStore(replayStore, select);

export const isReplaying = (): boolean => replayStore.getState().at !== null;

let replayer: Replayer | null = null;
let frame = 0;

export function startReplay(): void {
  const { run, steps } = runStore.getState();
  const events = eventLog();
  if (!run || events.length === 0) return notify("The events of this run are not here yet. Try again.");
  replayer = new Replayer(run, steps, events);
  holdRun(true);
  const { from, to } = replayer;
  const wanted = (to - from) / 1000 / SECONDS_TO_PLAY;
  const speed = SPEEDS.find((each) => each >= wanted) ?? SPEEDS.at(-1)!;
  replayStore.setState({ at: from, from, to, playing: false, speed });
  setUi({ drawer: "log" });
  seek(from);
  announce(`Replay of run ${run.id}. The slider goes through its time.`);
}

export function seek(time: number): void {
  if (!replayer) return;
  const at = Math.min(replayer.to, Math.max(replayer.from, time));
  const state = replayer.at(at);
  if (state.run !== runStore.getState().run) {
    const events = replayer.events.slice(0, replayer.count).filter(isLogged);
    runStore.setState({ run: state.run, steps: state.steps, groups: state.groups, events });
  }
  replayStore.setState({ at });
}

/** To the event after this moment, or to the one before. */
export function stepReplay(way: 1 | -1): void {
  const { at } = replayStore.getState();
  if (replayer && at !== null) seek(replayer.neighbour(at, way));
}

export function togglePlay(): void {
  const { playing, at, to, from } = replayStore.getState();
  if (at === null) return;
  cancelAnimationFrame(frame);
  if (playing) return replayStore.setState({ playing: false });
  if (at >= to) seek(from);
  replayStore.setState({ playing: true });
  let before = performance.now();
  const go = (now: number) => {
    const state = replayStore.getState();
    if (!state.playing || state.at === null) return;
    seek(state.at + (now - before) * state.speed);
    before = now;
    if (replayStore.getState().at! >= state.to) replayStore.setState({ playing: false });
    else frame = requestAnimationFrame(go);
  };
  frame = requestAnimationFrame(go);
}

export const setSpeed = (speed: number): void => replayStore.setState({ speed });

/** Back to the run as it is. */
export function endReplay(): void {
  const { run } = runStore.getState();
  dropReplay();
  if (run) showRun(run.id).catch((error: unknown) => notify(`The run could not be loaded. ${String(error)}`));
}

whenLeft(() => {
  if (replayer) dropReplay();
});

function dropReplay(): void {
  cancelAnimationFrame(frame);
  replayer = null;
  holdRun(false);
  replayStore.setState(NONE);
}
