import { useCallback, useEffect, useRef, useState } from "react";

import type { Api } from "../lib/api.ts";
import { ApiError } from "../lib/api.ts";
import type { Draft } from "./types.ts";

type Part = Partial<Pick<Draft, "files" | "details" | "test">>;

const AFTER_TYPING = 350;

/** A draft that saves itself: what is shown is at once what was typed, and the server says what it would be. */
export function useDraft(api: Api, id: number) {
  const [draft, setDraft] = useState<Draft | null>(null);
  const [line, setLine] = useState<"saved" | "saving" | "failed">("saved");
  const [error, setError] = useState("");
  const waiting = useRef<Part>({});
  const seen = useRef(0);
  const busy = useRef<Promise<void> | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const address = `component-drafts/${id}/`;

  useEffect(() => {
    api.get<Draft>(address).then(
      (found) => {
        seen.current = found.revision;
        setDraft(found);
      },
      (problem: unknown) => setError(sentence(problem)),
    );
  }, [api, address]);

  const flush = useCallback(async (): Promise<void> => {
    clearTimeout(timer.current);
    while (busy.current) await busy.current;
    if (Object.keys(waiting.current).length === 0) return;
    const sent = waiting.current;
    waiting.current = {};
    const call = async () => {
      try {
        const told = await api.put<Draft>(address, { revision: seen.current, ...sent });
        seen.current = told.revision;
        // What was typed meanwhile stays on screen, and is sent next.
        setDraft({ ...told, ...waiting.current });
        setLine(Object.keys(waiting.current).length ? "saving" : "saved");
        setError("");
      } catch (problem) {
        waiting.current = { ...sent, ...waiting.current };
        setLine("failed");
        setError(sentence(problem));
        throw problem;
      } finally {
        busy.current = null;
      }
    };
    const run = call();
    busy.current = run.catch(() => undefined);
    await run;
  }, [api, address]);

  const change = useCallback(
    (part: Part) => {
      waiting.current = { ...waiting.current, ...part };
      setDraft((before) => before && { ...before, ...part });
      setLine("saving");
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void flush().catch(() => undefined), AFTER_TYPING);
    },
    [flush],
  );

  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (Object.keys(waiting.current).length || busy.current) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, []);

  return { draft, line, error, change, flush };
}

export function sentence(problem: unknown): string {
  return problem instanceof ApiError ? problem.message : String(problem);
}
