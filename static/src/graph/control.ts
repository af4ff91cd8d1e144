/** Control flow as the document holds it; `designer/graph/control.py` says the same. */

import type { Scalar } from "./types.ts";

export type Operator = "is_true" | "eq" | "ne" | "lt" | "le" | "gt" | "ge";

/** `value operator operand`: which of the order edges out of the node are followed. */
export interface Branch {
  readonly operator: Operator;
  readonly operand: Scalar | null;
}

export type Item = Scalar | Readonly<Record<string, Scalar>>;

/** The body once for each item; text names the pipeline input that holds the list. */
export interface ItemsLoop {
  readonly type: "parallel_for";
  readonly over: "items";
  readonly items: readonly Item[] | string;
  /** The input that a scalar item goes to. */
  readonly input: string | null;
  readonly max_concurrency: number | null;
}

/** The body once for each file of the folder that feeds `input`; a batch of more than one is a folder. */
export interface FilesLoop {
  readonly type: "parallel_for";
  readonly over: "files";
  readonly input: string;
  readonly batch_size: number;
  readonly max_concurrency: number | null;
}

/** The body again while its output `condition` is true, with outputs of one time as inputs of the next. */
export interface DoWhile {
  readonly type: "do_while";
  readonly condition: string;
  /** An output that several inputs get has a list of them. */
  readonly mapping: Readonly<Record<string, string | readonly string[]>>;
  readonly max_iteration_count: number;
}

/** `loguniform` and `lognormal` are e to the power of the value drawn, as in Azure ML: bounds and mu are exponents. */
export type Space =
  | { readonly type: "choice"; readonly values: readonly Scalar[] }
  | { readonly type: "uniform" | "loguniform"; readonly min_value: number; readonly max_value: number }
  | {
      readonly type: "quniform" | "qloguniform";
      readonly min_value: number;
      readonly max_value: number;
      readonly q: number;
    }
  | { readonly type: "normal" | "lognormal"; readonly mu: number; readonly sigma: number }
  | {
      readonly type: "qnormal" | "qlognormal";
      readonly mu: number;
      readonly sigma: number;
      readonly q: number;
    }
  | { readonly type: "randint"; readonly upper: number };

interface Policy {
  readonly evaluation_interval: number;
  readonly delay_evaluation: number;
}

export type EarlyTermination =
  | (Policy & {
      readonly type: "bandit";
      readonly slack_factor: number | null;
      readonly slack_amount: number | null;
    })
  | (Policy & { readonly type: "median_stopping" })
  | (Policy & { readonly type: "truncation_selection"; readonly truncation_percentage: number });

/** The body once for each choice of values; its outputs are those of the best. */
export interface Sweep {
  readonly type: "sweep";
  readonly sampling_algorithm: "grid" | "random";
  readonly seed: number | null;
  readonly search_space: Readonly<Record<string, Space>>;
  readonly objective: { readonly goal: "maximize" | "minimize"; readonly primary_metric: string };
  readonly limits: { readonly max_total_trials: number; readonly max_concurrent_trials: number | null };
  readonly early_termination: EarlyTermination | null;
}

export type Loop = ItemsLoop | FilesLoop | DoWhile | Sweep;
