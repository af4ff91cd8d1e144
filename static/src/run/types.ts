/** What docs/reference/protocol.md says about runs, as types. Fields that a step's own code fills in are optional: it may get them wrong. */

export type StepStatus =
  | "NotStarted"
  | "Queued"
  | "Preparing"
  | "Running"
  | "Finalizing"
  | "Completed"
  | "Failed"
  | "CancelRequested"
  | "Canceled"
  | "Skipped"
  | "Waiting";

export type RunStatus = StepStatus;

export type PreviewKind =
  "table" | "chart" | "metrics" | "json" | "image" | "images" | "text" | "html" | "model" | "folder" | "file";

export interface Artifact {
  id: number;
  output: string;
  type: string;
  kind: PreviewKind;
  size: number;
  digest: string;
  /** Its content is not kept any more; the preview is. */
  evicted?: boolean;
}

export interface AttemptState {
  number: number;
  status: StepStatus;
  exit_code: number | null;
  message: string;
  started_at: string | null;
  ended_at: string | null;
}

export interface AttemptDetail extends AttemptState {
  worker: string;
  /** Bytes; null where it was over before anybody looked. */
  peak_memory: number | null;
}

export interface StepState {
  node: string;
  status: StepStatus;
  reused: boolean;
  /** 0 to 1, or null where the step does not tell. */
  progress: number | null;
  attempt: number;
  message: string;
  exit_code: number | null;
  started_at: string | null;
  ended_at: string | null;
  outputs: Record<string, Artifact>;
  attempts?: AttemptState[];
  /** Of a node that runs more than once. */
  loop?: LoopState | null;
  /** Of a branch that was decided. */
  taken?: boolean | null;
}

export type LoopKind = "parallel_for" | "do_while" | "sweep";
export type Counts = Partial<Record<StepStatus, number>>;

export interface LoopState {
  type: LoopKind;
  /** How many iterations there will be, where that is known. */
  total: number | null;
  counts: Counts;
  /** Index of a sweep's best trial so far. */
  best: number | null;
}

/** One time that a loop's body runs. */
export interface Iteration {
  index: number;
  label: string;
  status: StepStatus;
  values: Record<string, unknown>;
  metric: number | null;
  /** A sweep's metric as it was told, in order. */
  course: number[];
  message: string;
  started_at: string | null;
  ended_at: string | null;
  /** Its steps by node id. */
  nodes: Record<string, StepStatus>;
}

/** `GET runs/<id>/iterations/?node=` */
export interface IterationPage {
  results: Iteration[];
  next: unknown;
}

/** `GET runs/<id>/steps/<node>/` */
export interface StepDetail extends StepState {
  command: string | string[] | null;
  params: Record<string, unknown>;
  /** Its compute target; null: the default queue. */
  compute: string | null;
  /** Its limits: cores, bytes, GPUs. What is missing is the machine's own. */
  resources: { cpu?: number; memory?: number; gpus?: number };
  attempts: AttemptDetail[];
  /** From which step this one was answered, or why it had to run. */
  reuse: { from: { run: number; node: string } | null; reasons: string[] };
  /** The known result that it made or was answered from. */
  cache: { id: number; pinned: boolean; hits: number; may_change: boolean } | null;
}

export interface TrackedMetric {
  last: number | null;
  count: number;
  /** Step, value, milliseconds since 1970. */
  points: [number, number, number][];
}

/** `GET runs/<id>/steps/<node>/tracking/`: what a step logged with MLflow. */
export interface Tracking {
  params: Record<string, string>;
  tags: Record<string, string>;
  metrics: Record<string, TrackedMetric>;
  models: ({ path: string } | { registered: string })[];
  children: { name: string; params: Record<string, string>; metrics: Record<string, number> }[];
}

export interface RunState {
  id: number;
  pipeline: { id: number; name: string };
  rev: number;
  status: RunStatus;
  message: string;
  submitted_by: { id: number; name: string } | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
  inputs: Record<string, unknown>;
  seq: number;
  counts: Counts;
  steps: Record<string, StepState>;
}

interface Numbered<T extends string, D> {
  seq: number;
  type: T;
  at: string;
  data: D;
}

export type RunEvent =
  | Numbered<"run.status", { status: RunStatus; message: string }>
  | Numbered<
      "step.status",
      Pick<
        StepState,
        | "node"
        | "status"
        | "attempt"
        | "message"
        | "exit_code"
        | "reused"
        | "started_at"
        | "ended_at"
        | "taken"
      >
    >
  | Numbered<"step.progress", { node: string; progress: number }>
  | Numbered<"step.metrics", { node: string; metrics: Record<string, number | null> }>
  | Numbered<"step.output", { node: string; artifact: Artifact }>
  | Numbered<"loop.counts", Pick<LoopState, "total" | "counts" | "best"> & { node: string }>
  | Numbered<
      "loop.iteration",
      Pick<Iteration, "index" | "status" | "metric" | "values"> & { node: string } & Partial<Iteration>
    >;

export type LogStream = "stdout" | "stderr" | "system";

export interface LogChunk {
  seq: number;
  stream: LogStream;
  at: string;
  text: string;
}

/** `GET runs/<id>/steps/<node>/log/` */
export interface LogPage {
  attempt: number;
  chunks: LogChunk[];
  ended: boolean;
  truncated: boolean;
}

export interface LogMessage {
  t: "log";
  node: string;
  attempt: number;
  chunks: LogChunk[];
  ended: boolean;
  truncated?: boolean;
}

/** What a panel needs of the run's socket; `openRunSocket` makes one, and the canvas may share its own. */
export interface RunSocket {
  /** Tails a node's log after chunk `after` (null: from the start). One listener a node; returns the way to stop. */
  follow(
    node: string,
    attempt: number | null,
    after: number | null,
    listener: (message: LogMessage) => void,
  ): () => void;
  /** Hears the run's events as they come; returns the way to stop. */
  listen(listener: (events: RunEvent[]) => void): () => void;
}

export interface TableColumn {
  name: string;
  type?: string;
  missing?: number;
  distinct?: number | null;
  min?: unknown;
  max?: unknown;
  mean?: number | null;
  histogram?: number[] | null;
  top?: [unknown, number][] | null;
}

export interface PreviewImage {
  path: string;
  width?: number;
  height?: number;
  thumbnail?: string;
}

export interface FolderFile {
  path: string;
  size: number;
}

interface Common {
  type?: string;
  size?: number;
  digest?: string;
}

export interface TablePreview extends Common {
  kind: "table";
  row_count?: number;
  columns?: TableColumn[];
  rows?: unknown[][];
}
export interface ChartPreview extends Common {
  kind: "chart";
  spec?: Record<string, unknown>;
}
export interface MetricsPreview extends Common {
  kind: "metrics";
  values?: Record<string, unknown>;
  detail?: unknown;
}
export interface JsonPreview extends Common {
  kind: "json";
  value?: unknown;
  text?: string;
}
export interface ImagePreview extends Common {
  kind: "image";
  width?: number;
  height?: number;
  format?: string;
  path?: string;
}
export interface ImagesPreview extends Common {
  kind: "images";
  total?: number;
  images?: PreviewImage[];
}
export interface TextPreview extends Common {
  kind: "text";
  text?: string;
  truncated?: boolean;
}
export interface HtmlPreview extends Common {
  kind: "html";
  path?: string;
}
export interface ModelPreview extends Common {
  kind: "model";
  summary?: Record<string, unknown>;
}
export interface FolderPreview extends Common {
  kind: "folder";
  files?: FolderFile[];
  total?: number;
}
export interface FilePreview extends Common {
  kind: "file";
  mime?: string;
}

export type Preview =
  | TablePreview
  | ChartPreview
  | MetricsPreview
  | JsonPreview
  | ImagePreview
  | ImagesPreview
  | TextPreview
  | HtmlPreview
  | ModelPreview
  | FolderPreview
  | FilePreview;
