/** Bringing the designer up: catalog, document, run. */

import type { Interface, TypeMatrix } from "../graph/types.ts";
import { Api, ApiError } from "../lib/api.ts";
import { loadAssets } from "./actions/assets.ts";
import { canvasFlow, fit } from "./actions/focus.ts";
import { followAddress } from "./actions/links.ts";
import { resumeRun } from "./actions/run.ts";
import type { App } from "./app.ts";
import { app, setApp } from "./app.ts";
import type { Bootstrap } from "./bootstrap.ts";
import { socketUrl } from "./bootstrap.ts";
import { openFromAddress } from "./history/past.ts";
import { overDraft } from "./history/pastStore.ts";
import { loadJoins } from "./data/joins.ts";
import { watchData } from "./data/follow.ts";
import { followSelection } from "./protocol/presence.ts";
import { subjectOf } from "./app.ts";
import type { SessionState } from "./protocol/session.ts";
import { Session } from "./protocol/session.ts";
import { showRun, watchStale } from "./runs/follow.ts";
import { docStore } from "./state/doc.ts";
import { dropPeer, setPeer, setPeople } from "./state/presence.ts";
import { setProblems } from "./state/problems.ts";
import { notify, setUi } from "./state/ui.ts";

interface Served {
  components: Interface[];
  types: TypeMatrix;
  labels: Record<string, string>;
}

export function prepare(boot: Bootstrap): App {
  const made: App = {
    boot,
    api: new Api(boot.api),
    catalog: { components: new Map(), assets: new Map(), types: {}, labels: {} },
    session: null,
    runSocket: null,
  };
  setApp(made);
  // Who opens a run wants to see what became of its steps.
  if (boot.mode === "run") setUi({ tab: "run" });
  return made;
}

export async function start(): Promise<void> {
  const { api, boot, catalog } = app();
  try {
    const served = await api.get<Served>("catalog/");
    for (const face of served.components) catalog.components.set(face.ref, face);
    Object.assign(catalog, { types: served.types, labels: served.labels });
    docStore.setState({ components: served.components });
    void loadJoins().catch(() => undefined);
    void loadAssets().catch(() => undefined);
    if (boot.mode === "run" && boot.run) await openRun(boot.run.id);
    else if (boot.pipeline) openPipeline(boot.pipeline.id);
  } catch (error) {
    docStore.setState({ error: error instanceof ApiError ? error.message : String(error) });
  }
}

async function openRun(id: number): Promise<void> {
  const run = await showRun(id);
  docStore.setState({ document: run.document, rev: run.rev, line: "online", loaded: true, editable: false });
  arrived();
}

function openPipeline(id: number): void {
  const { boot, catalog } = app();
  let first = true;
  const session = new Session({
    url: socketUrl(`${boot.ws}pipelines/${id}/`),
    catalog,
    events: {
      state(state: SessionState) {
        const loaded = state.rev !== null;
        const editable = loaded && !state.frozen && state.line !== "refused" && boot.user.can_edit;
        const error =
          !loaded && state.line === "refused"
            ? "It may have been deleted, or you may not look at it."
            : !loaded && state.frozen
              ? "The server does not answer. This page keeps trying."
              : null;
        docStore.setState(overDraft({ ...state, loaded, editable, error }));
        if (loaded && first) {
          first = false;
          arrived();
          if (!openFromAddress()) void resumeRun();
        }
      },
      problems: setProblems,
      people: (people) => setPeople(people, session.client),
      presence: (message) => setPeer(message),
      left: dropPeer,
      text: () => dispatchEvent(new Event("portline:text")),
      notice: ({ message, ops }) => notify(message, subjectOf(ops)),
    },
  });
  app().session = session;
  session.start();
  followSelection();
  watchStale();
  watchData();
  // Nothing is lost silently: the browser asks before it leaves with unsent changes.
  window.addEventListener("beforeunload", (event) => {
    if (docStore.getState().unsent > 0) event.preventDefault();
  });
}

/** Once there is something to see: all of it, then what the address names. */
function arrived(): void {
  let tries = 0;
  const settle = () => {
    if (!canvasFlow() && tries++ < 120) return void requestAnimationFrame(settle);
    fit();
    setTimeout(followAddress, 50);
  };
  requestAnimationFrame(settle);
}
