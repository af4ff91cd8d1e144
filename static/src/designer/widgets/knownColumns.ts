/** The columns of the table that feeds an input, as the last run saw it. */

import { useEffect, useState } from "react";

import { edgeKey } from "../../graph/types.ts";
import { app } from "../app.ts";
import { useDoc } from "../state/doc.ts";
import type { Run } from "../state/run.ts";
import { useRun } from "../state/run.ts";

const byArtifact = new Map<number, Promise<readonly string[] | null>>();
const runs = new Map<number, Promise<Run>>();

function columnsOf(artifact: number): Promise<readonly string[] | null> {
  let known = byArtifact.get(artifact);
  if (!known) {
    known = app()
      .api.get<{ columns?: { name: string }[] }>(`artifacts/${artifact}/preview/`)
      .then((preview) => preview.columns?.map((column) => column.name) ?? null);
    byArtifact.set(artifact, known);
    known.catch(() => byArtifact.delete(artifact));
  }
  return known;
}

function loadRun(id: number): Promise<Run> {
  let run = runs.get(id);
  if (!run) runs.set(id, (run = app().api.get<Run>(`runs/${id}/`)));
  return run;
}

export function useKnownColumns(
  node: string,
  input: string | null,
): { known: readonly string[] | null; fed: boolean } {
  const edge = useDoc((doc) => (input === null ? undefined : doc.document.edges[edgeKey(node, input)]));
  const shown = useRun((state) => (edge ? state.steps[edge.source]?.outputs[edge.output] : undefined));
  const newest = useRun(
    (state) => state.recent.find((run) => run.status === "Completed" || run.status === "Failed")?.id,
  );
  const [known, setKnown] = useState<{ of: string; columns: readonly string[] | null }>({
    of: "",
    columns: null,
  });
  const source = edge && edge.source !== "$inputs" ? `${edge.source}.${edge.output}` : "";
  const of = shown ? `artifact ${shown.id}` : source && newest ? `${newest} ${source}` : "";

  useEffect(() => {
    if (!edge || of === "") return;
    let current = true;
    const find = async (): Promise<readonly string[] | null> => {
      const artifact = shown ?? (await loadRun(newest!)).steps[edge.source]?.outputs[edge.output];
      return artifact?.kind === "table" ? columnsOf(artifact.id) : null;
    };
    find().then(
      (columns) => current && setKnown({ of, columns }),
      () => current && setKnown({ of, columns: null }),
    );
    return () => {
      current = false;
    };
  }, [of, edge, shown, newest]);

  return { known: known.of === of && of !== "" ? known.columns : null, fed: edge !== undefined };
}
