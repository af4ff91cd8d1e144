import { useCallback, useEffect, useState } from "react";

/** An answer that is not 2xx, with the server's own sentence where it sent one. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError("The server could not be reached.", 0);
  }
  if (!response.ok) throw new ApiError(await sentence(response), response.status);
  return (await response.json()) as T;
}

async function sentence(response: Response): Promise<string> {
  try {
    const problem = (await response.json()) as { detail?: unknown; title?: unknown };
    for (const text of [problem.detail, problem.title]) if (typeof text === "string" && text) return text;
  } catch {
    // Not a problem document: say what the status says.
  }
  if (response.status === 404) return "This is not there any more.";
  if (response.status === 403) return "You may not see this.";
  return `The server answered with status ${response.status}.`;
}

export type Loaded<T> =
  { state: "loading" } | { state: "ready"; value: T } | { state: "failed"; message: string };

const LOADING = { state: "loading" } as const;
const KEPT = 60;
const kept = new Map<string, unknown>();

function keep(url: string, value: unknown) {
  kept.delete(url);
  kept.set(url, value);
  const oldest = kept.size > KEPT ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
}

interface Options {
  /** What never changes once made (previews) is kept for the next time. */
  immutable?: boolean;
  /** A new value asks again, while the last answer stays on screen. */
  version?: string;
}

/** The JSON at `url`, and a way to ask again. */
export function useJson<T>(url: string, { immutable = false, version = "" }: Options = {}) {
  const [tries, setTries] = useState(0);
  const [answer, setAnswer] = useState<{ url: string; tries: number; loaded: Loaded<T> }>();

  useEffect(() => {
    if (immutable && kept.has(url)) return;
    const abort = new AbortController();
    getJson<T>(url, abort.signal).then(
      (value) => {
        if (immutable) keep(url, value);
        setAnswer({ url, tries, loaded: { state: "ready", value } });
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const message = error instanceof ApiError ? error.message : "The answer could not be read.";
        setAnswer({ url, tries, loaded: { state: "failed", message } });
      },
    );
    return () => abort.abort();
  }, [url, tries, immutable, version]);

  const retry = useCallback(() => setTries((n) => n + 1), []);
  let loaded: Loaded<T> = LOADING;
  if (immutable && kept.has(url)) loaded = { state: "ready", value: kept.get(url) as T };
  else if (answer?.url === url && (answer.tries === tries || answer.loaded.state === "ready"))
    loaded = answer.loaded;
  return [loaded, retry] as const;
}

export const artifactUrl = (api: string, id: number, rest: string) => `${api}artifacts/${id}/${rest}`;

export function fileUrl(api: string, id: number, path: string): string {
  return artifactUrl(api, id, `files/${path.split("/").map(encodeURIComponent).join("/")}`);
}
