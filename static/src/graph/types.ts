/** The document and its operations, as `docs/reference/protocol.md` has them. */

import type { Branch, Loop } from "./control.ts";

export type Scalar = string | number | boolean;
export type Params = Readonly<Record<string, Scalar>>;

export type Labels = Readonly<Record<string, string>>;

/** What a step needs of the machine that it runs on. */
export interface Resources {
  /** Cores. */
  readonly cpu?: number | null;
  /** As in `2GB`. */
  readonly memory?: string | null;
  readonly gpus?: number | null;
}

export interface NodeSettings {
  /** Seconds, as is `retry_delay`. */
  readonly timeout?: number | null;
  readonly retries?: number | null;
  readonly retry_delay?: number | null;
  /** Each delay is so many times the one before. */
  readonly retry_backoff?: number | null;
  readonly force_rerun?: boolean | null;
  /** It runs when everything else has ended, however it ended. */
  readonly final?: boolean | null;
  readonly compute?: string | null;
  /** That the compute target must have. */
  readonly labels?: Labels | null;
  readonly resources?: Resources | null;
  /** Instead of the component's: a registered one by name, or written out. */
  readonly environment?: string | Kept | null;
  /** Values may hold bindings. */
  readonly environment_variables?: Readonly<Record<string, string>> | null;
  readonly distribution?: Kept | null;
  readonly instance_count?: number | null;
}

/** What a pipeline's YAML says and nothing here acts on; written back as it was. */
export type Kept = Readonly<Record<string, unknown>>;

/** What becomes of an output when its step has ended: registered as a data asset where it has a name. */
export interface OutputSettings {
  readonly name?: string | null;
  readonly version?: string | null;
  readonly mode?: string | null;
  readonly path?: string | null;
}

interface AnyNode {
  readonly id: string;
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly params: Params;
  readonly exposed: readonly string[];
  readonly comment: string;
  readonly settings: NodeSettings;
  /** Missing where nothing is said, as is `kept`. */
  readonly outputs?: Readonly<Record<string, OutputSettings>>;
  readonly kept?: Kept;
  /** The section that it is in, if any. */
  readonly section?: string;
}

/** A disabled node does not run, nor does what needs it; a bypassed one hands its inputs on. */
export type Mode = "disabled" | "bypassed";

export interface ComponentNode extends AnyNode {
  readonly kind: "component";
  readonly component: string;
  /** Missing where the node runs. */
  readonly mode?: Mode;
  /** Missing where the node runs once. */
  readonly loop?: Loop;
}

export interface DataNode extends AnyNode {
  readonly kind: "data";
  readonly asset: string;
  readonly type: string;
}

/** If / else: runs nothing; what hangs on its order edges does. */
export interface BranchNode extends AnyNode {
  readonly kind: "branch";
  readonly branch: Branch;
}

export type GraphNode = ComponentNode | DataNode | BranchNode;

export interface Edge {
  readonly source: string;
  readonly output: string;
  readonly target: string;
  readonly input: string;
  /** The types do not fit, and somebody wants the wire all the same. */
  readonly anyway?: true;
}

export type Condition = "succeeded" | "failed" | "completed" | "skipped" | "true" | "false";

/** `target` runs after `source` ended as `condition` says; out of a branch the condition is `true` or `false`. */
export interface OrderEdge {
  readonly source: string;
  readonly target: string;
  readonly condition: Condition;
}

export interface PipelineInput {
  readonly type: string;
  readonly default?: Scalar | { readonly asset: string } | null;
  readonly description?: string;
  readonly optional?: boolean;
  readonly enum?: readonly string[] | null;
  readonly min?: number | null;
  readonly max?: number | null;
  readonly kept?: Kept;
  readonly x?: number;
  readonly y?: number;
  readonly section?: string;
}

export const COLORS = ["yellow", "blue", "green", "pink", "violet", "gray"] as const;
export type Color = (typeof COLORS)[number];

/** A sticky note; `text` is Markdown. */
export interface Note {
  readonly id: string;
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly color: Color;
  readonly section?: string;
}

/** Parts of the canvas held together, drawn around its members; people call it a group. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly color: Color;
}

/** What the pipeline gives when it is used as a component: an output of one of its nodes. */
export interface PipelineOutput {
  readonly type: string;
  readonly source: string;
  readonly output: string;
  readonly description?: string;
  readonly settings?: OutputSettings | null;
}

export interface PipelineSettings {
  readonly continue_on_step_failure?: boolean;
  readonly force_rerun?: boolean;
  readonly compute?: string | null;
  readonly labels?: Labels | null;
}

export interface Document {
  readonly name: string;
  readonly description: string;
  readonly settings: PipelineSettings;
  readonly inputs: Readonly<Record<string, PipelineInput>>;
  readonly outputs: Readonly<Record<string, PipelineOutput>>;
  readonly nodes: Readonly<Record<string, GraphNode>>;
  readonly edges: Readonly<Record<string, Edge>>;
  /** By `orderKey(target, source)`. */
  readonly order: Readonly<Record<string, OrderEdge>>;
  /** Missing where there are none, as are sections. */
  readonly notes?: Readonly<Record<string, Note>>;
  readonly sections?: Readonly<Record<string, Section>>;
  /** Missing where nothing is kept. */
  readonly kept?: Kept;
}

export interface NodeChanges {
  title?: string;
  comment?: string;
  exposed?: readonly string[];
  settings?: NodeSettings;
  asset?: string;
  /** null: the node runs once. */
  loop?: Loop | null;
  branch?: Branch;
  outputs?: Readonly<Record<string, OutputSettings>>;
  /** null: the node runs. */
  mode?: Mode | null;
  kept?: Kept;
}

export interface PipelineChanges {
  name?: string;
  description?: string;
  settings?: PipelineSettings;
  kept?: Kept;
}

export type Op =
  | { op: "add_node"; node: GraphNode }
  | { op: "remove_node"; id: string }
  | { op: "move"; positions: Readonly<Record<string, readonly [number, number]>> }
  | { op: "set_params"; id: string; params: Readonly<Record<string, Scalar | null>> }
  | { op: "update_node"; id: string; changes: NodeChanges }
  | ({ op: "connect" } & Edge)
  | { op: "disconnect"; target: string; input: string }
  | ({ op: "connect_order" } & OrderEdge)
  | { op: "disconnect_order"; source: string; target: string }
  | { op: "set_input"; name: string; input: PipelineInput | null }
  | { op: "set_output"; name: string; output: PipelineOutput | null }
  | { op: "add_note"; note: Note }
  | { op: "remove_note"; id: string }
  | { op: "update_note"; id: string; changes: Partial<Omit<Note, "id" | "section">> }
  | { op: "add_section"; section: Section }
  | { op: "remove_section"; id: string }
  | { op: "update_section"; id: string; changes: Partial<Omit<Section, "id">> }
  | { op: "join"; section: string | null; members: readonly string[] }
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
  /** The heading under which it is shown; missing where there is none. */
  readonly group?: string;
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
  /** Whether it is a pipeline used as a component, whose graph can be looked into. */
  readonly pipeline?: boolean;
  /** Why no step can run it here, as a sentence; missing where one can. */
  readonly cannot_run?: string;
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
export const EMPTY: Document = {
  name: "",
  description: "",
  settings: {},
  inputs: {},
  outputs: {},
  nodes: {},
  edges: {},
  order: {},
};

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
export const orderKey = (target: string, source: string): string => `${target}<${source}`;
/** The id on the canvas of a pipeline input of a data type. */
export const inputNodeId = (name: string): string => `${INPUTS}.${name}`;
export const inputNameOf = (id: string): string | null =>
  id.startsWith(`${INPUTS}.`) ? id.slice(INPUTS.length + 1) : null;
export const NOTES = "$notes";
export const SECTIONS = "$sections";
export const noteNodeId = (id: string): string => `${NOTES}.${id}`;
export const sectionNodeId = (id: string): string => `${SECTIONS}.${id}`;
export const noteIdOf = (id: string): string | null =>
  id.startsWith(`${NOTES}.`) ? id.slice(NOTES.length + 1) : null;
export const sectionIdOf = (id: string): string | null =>
  id.startsWith(`${SECTIONS}.`) ? id.slice(SECTIONS.length + 1) : null;
/** The id on the canvas of what an edge comes from. */
export const sourceId = (edge: Edge): string =>
  edge.source === INPUTS ? inputNodeId(edge.output) : edge.source;
