import { lazy, Suspense, useMemo, useState } from "react";

import { Api } from "../lib/api.ts";
import { Icon } from "../lib/Icon.tsx";
import { About } from "./About.tsx";
import { FileTabs } from "./FileTabs.tsx";
import { Shape } from "./Shape.tsx";
import { TestPane } from "./TestPane.tsx";
import type { Boot } from "./types.ts";
import { sentence, useDraft } from "./useDraft.ts";

const CodePane = lazy(() => import("./CodePane.tsx"));
const LINES = { saved: "Draft saved", saving: "Saving…", failed: "Not saved" } as const;

export function Authoring({ boot }: { boot: Boot }) {
  const api = useMemo(() => new Api(boot.api), [boot.api]);
  const { draft, line, error, change, flush } = useDraft(api, boot.draft);
  const [picked, setPicked] = useState("");
  const [show, setShow] = useState<{ line: number; serial: number } | null>(null);
  const [asked, setAsked] = useState(0);
  const [saved, setSaved] = useState<{ ref: string; created: boolean } | null>(null);
  const [refused, setRefused] = useState("");
  if (!draft) return <p className="authoring-loading muted">{error || "Opening the editor…"}</p>;

  const file = draft.files.find((each) => each.path === picked) ?? draft.files[0];
  const save = async () => {
    setRefused("");
    setSaved(null);
    try {
      await flush();
      setSaved(await api.post(`component-drafts/${draft.id}/register/`));
    } catch (problem) {
      setRefused(sentence(problem));
    }
  };
  const remove = async () => {
    if (!window.confirm("Delete this draft? Versions that were saved of it stay.")) return;
    await api.delete(`component-drafts/${draft.id}/`);
    window.location.assign(`${boot.pages}components/by-code/`);
  };
  const goTo = (wanted: number) => {
    const fault = draft.faults.find((each) => each.line === wanted && each.file);
    const path = fault?.file ?? draft.files.find((each) => each.path.endsWith(".py"))?.path;
    if (path) setPicked(path);
    setShow({ line: wanted, serial: Date.now() });
  };
  return (
    <div className="authoring">
      <header className="authoring__bar">
        <nav className="crumbs" aria-label="You are here">
          <a href={`${boot.pages}components/`}>Components</a> /{" "}
          <a href={`${boot.pages}components/by-code/`}>Write</a>
        </nav>
        <h1>{draft.details.title || "Untitled component"}</h1>
        <span className="muted" role="status" data-testid="draft-line" data-line={line}>
          {LINES[line]}
          {line === "failed" && `: ${error}`}
        </span>
        <span className="spacer" />
        <button type="button" className="button quiet" onClick={() => void remove()}>
          Delete draft
        </button>
        <button
          type="button"
          className="button primary"
          disabled={!draft.interface}
          onClick={() => void save()}
        >
          <Icon name="package-plus" size={14} />
          Save as version {draft.next_version}
        </button>
      </header>
      {(saved || refused) && (
        <p className={refused ? "notice is-wrong" : "notice"} role="status">
          <Icon name={refused ? "octagon-x" : "circle-check"} />
          <span>
            {refused ||
              (saved?.created
                ? "Saved: it is in the palette now. "
                : "The latest version says exactly the same, so there is no new one. ")}
            {saved && (
              <a href={`${boot.pages}components/${saved.ref.split(":")[0] ?? ""}/`}>
                <code>{saved.ref}</code>
              </a>
            )}
          </span>
        </p>
      )}
      <div className="authoring__main">
        <section className="authoring__code" aria-label="Code">
          <FileTabs
            files={draft.files}
            faults={draft.faults}
            open={file?.path ?? ""}
            onOpen={setPicked}
            onChange={(files) => change({ files })}
          />
          <Suspense fallback={<p className="muted authoring-loading">Opening the editor…</p>}>
            {file && (
              <CodePane
                key={file.path}
                path={file.path}
                text={file.text}
                faults={draft.faults.filter((fault) => fault.file === file.path)}
                show={show}
                onChange={(text) =>
                  change({
                    files: draft.files.map((each) => (each.path === file.path ? { ...each, text } : each)),
                  })
                }
                onSave={() => void save()}
                onTest={() => setAsked(asked + 1)}
              />
            )}
          </Suspense>
        </section>
        <aside className="authoring__side">
          <Shape draft={draft} onDetails={(details) => change({ details })} onLine={goTo} />
          <About boot={boot} details={draft.details} onChange={(details) => change({ details })} />
          <TestPane {...{ api, boot, draft, flush, asked }} onTest={(test) => change({ test })} />
        </aside>
      </div>
    </div>
  );
}
