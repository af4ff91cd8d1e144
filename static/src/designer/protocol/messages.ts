/** What travels on the pipeline's socket. */

import type { Document, Interface, Op, Problem } from "../../graph/types.ts";

export interface Person {
  readonly id: number;
  readonly name: string;
  readonly color: string;
}

export type ProblemTable = Readonly<Record<string, readonly Problem[]>>;
export type ComponentTable = Readonly<Record<string, Interface>>;

export type FromServer =
  | { t: "snapshot"; rev: number; document: Document; problems: ProblemTable; components: ComponentTable }
  | { t: "ready"; rev: number; people?: { client: string; user: Person }[] }
  | {
      t: "ops";
      rev: number;
      op_id: string;
      client: string;
      user: Person;
      ops: Op[];
      problems?: ProblemTable;
      components?: ComponentTable;
    }
  | { t: "reject"; op_id: string; code: string; message: string; at_rev: number }
  | {
      t: "presence";
      client: string;
      user: Person;
      cursor: [number, number] | null;
      selection: string[];
      field: string | null;
    }
  | { t: "left"; client: string }
  /** The draft's YAML has other words, and says the same. */
  | { t: "text" };
