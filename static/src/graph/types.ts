/** The document and its operations, as `docs/reference/protocol.md` has them. */

export type Scalar = string | number | boolean;
export type Params = Readonly<Record<string, Scalar>>;

export interface NodeSettings {
  readonly timeout?: number | null;
  readonly retries?: number | null;
  readonly retry_delay?: number | null;
  readonly force_rerun?: boolean | null;
  readonly compute?: string | null;
}

export interface ComponentNode {
  readonly id: string;
  readonly kind: "component";
  readonly component: string;
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly params: Params;
  readonly exposed: readonly string[];
  readonly comment: string;
  readonly settings: NodeSettings;
}

export interface DataNode {
  readonly id: string;
  readonly kind: "data";
  readonly asset: string;
  readonly type: string;
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly params: Params;
  readonly exposed: readonly string[];
  readonly comment: string;
  readonly settings: NodeSettings;
}

export type GraphNode = ComponentNode | DataNode;

export interface Edge {
  readonly source: string;
  readonly output: string;
  readonly target: string;
  readonly input: string;
}

export interface PipelineInput {
  readonly type: string;
  readonly default?: Scalar | { readonly asset: string } | null;
  readonly description?: string;
  readonly optional?: boolean;
  readonly enum?: readonly string[] | null;
  readonly x?: number;
  readonly y?: number;
}

export interface PipelineSettings {
  readonly continue_on_step_failure?: boolean;
  readonly force_rerun?: boolean;
  readonly compute?: string | null;
}

export interface Document {
  readonly name: string;
  readonly description: string;
  readonly settings: PipelineSettings;
  readonly inputs: Readonly<Record<string, PipelineInput>>;
  readonly nodes: Readonly<Record<string, GraphNode>>;
  readonly edges: Readonly<Record<string, Edge>>;
}

export interface NodeChanges {
  title?: string;
  comment?: string;
  exposed?: readonly string[];
  settings?: NodeSettings;
  asset?: string;
}

export interface PipelineChanges {
  name?: string;
  description?: string;
  settings?: PipelineSettings;
}

export type Op =
  | { op: "add_node"; node: GraphNode }
  | { op: "remove_node"; id: string }
  | { op: "move"; positions: Readonly<Record<string, readonly [number, number]>> }
  | { op: "set_params"; id: string; params: Readonly<Record<string, Scalar | null>> }
  | { op: "update_node"; id: string; changes: NodeChanges }
  | ({ op: "connect" } & Edge)
  | { op: "disconnect"; target: string; input: string }
  | { op: "set_input"; name: string; input: PipelineInput | null }
  | { op: "update_pipeline"; changes: PipelineChanges };

export interface InputPort {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly description: string;
  readonly optional: boolean;
  readonly default: Scalar | null;
  readonly enum: readonly string[] | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly widget: string | null;
  readonly language: string | null;
  readonly columns_of: string | null;
}

export interface OutputPort {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly description: string;
}

export interface Interface {
  readonly ref: string;
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly icon: string;
  readonly tags?: readonly string[];
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly OutputPort[];
}

export type Verdict = "yes" | "warn" | "no";
export type TypeMatrix = Readonly<Record<string, Readonly<Record<string, readonly [Verdict, string]>>>>;

/** All that judging an operation needs to know besides the document. */
export interface Catalog {
  readonly components: ReadonlyMap<string, Interface>;
  /** Type of each data asset by `name:version`. */
  readonly assets: ReadonlyMap<string, string>;
  /** Whether an asset that is not listed is a fault; false where the list may be incomplete. */
  readonly strictAssets?: boolean;
  readonly types: TypeMatrix;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Problem {
  readonly node: string;
  readonly field: string | null;
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
}

export const INPUTS = "$inputs";
export const EMPTY: Document = { name: "", description: "", settings: {}, inputs: {}, nodes: {}, edges: {} };

export const DATA_TYPES = [
  "uri_file",
  "uri_folder",
  "mltable",
  "mlflow_model",
  "custom_model",
  "triton_model",
];
export const LITERAL_TYPES = ["string", "integer", "number", "boolean"];
export const isData = (type: string): boolean => DATA_TYPES.includes(type);
export const edgeKey = (target: string, input: string): string => `${target}.${input}`;
/** The id on the canvas of a pipeline input of a data type. */
export const inputNodeId = (name: string): string => `${INPUTS}.${name}`;
export const inputNameOf = (id: string): string | null =>
  id.startsWith(`${INPUTS}.`) ? id.slice(INPUTS.length + 1) : null;
/** The id on the canvas of what an edge comes from. */
export const sourceId = (edge: Edge): string =>
  edge.source === INPUTS ? inputNodeId(edge.output) : edge.source;
