/** What the server tells of a draft (`registry/api/drafts.py`). */

import type { Interface } from "../graph/types.ts";

export interface Fault {
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface CodeFile {
  readonly path: string;
  readonly text: string;
}

export interface Details {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly environment: string;
  readonly is_deterministic: boolean;
  readonly ports: Readonly<Record<string, { readonly side?: string; readonly type?: string }>>;
}

export interface TestInputs {
  readonly inputs?: Readonly<Record<string, Value>>;
  /** The last test run. */
  readonly run?: number;
}

export type Value = string | number | boolean | null;

export interface Draft {
  readonly id: number;
  readonly revision: number;
  readonly kind: "" | "function" | "script" | "yaml";
  readonly files: readonly CodeFile[];
  readonly details: Details;
  readonly test: TestInputs;
  readonly faults: readonly Fault[];
  readonly interface: Interface | null;
  readonly lines: Readonly<Record<string, number>>;
  readonly command: string;
  readonly picture: string;
  readonly next_version: string;
}

export interface Boot {
  readonly draft: number;
  readonly api: string;
  readonly pages: string;
  readonly ws: string;
  readonly environments: readonly string[];
  readonly categories: readonly string[];
}

export interface Asset {
  readonly ref: string;
  readonly type: string;
  readonly title: string;
}
