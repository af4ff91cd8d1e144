import { useJson } from "../api";
import { Failed, Skeleton } from "../parts";
import { InnerStep } from "../StepPanel";
import type { RunSocket, StepState } from "../types";

interface Props {
  api: string;
  ws: string;
  runId: number;
  /** The step's id, within its iteration. */
  node: string;
  /** A new value asks again. */
  version: string;
  labels: Readonly<Record<string, string>>;
  socket: RunSocket | undefined;
}

/** A step of an iteration: a run does not tell of those by itself, so it is asked for. */
export function LoadedStep({ api, ws, runId, node, version, labels, socket }: Props) {
  const [loaded, retry] = useJson<StepState>(`${api}runs/${runId}/steps/${encodeURIComponent(node)}/`, {
    version,
  });
  if (loaded.state === "failed")
    return <Failed title="The step could not be loaded" message={loaded.message} retry={retry} />;
  if (loaded.state === "loading") return <Skeleton lines={5} label="Loading the step" />;
  return <InnerStep {...{ api, ws, runId, node, labels, socket }} step={loaded.value} />;
}
