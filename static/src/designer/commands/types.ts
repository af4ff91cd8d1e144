/** A command: one thing that a person can do, whichever way it is asked for. */

export type Group =
  "Find and add" | "On a node" | "Move about" | "Edit" | "Arrange" | "View" | "Run" | "Pipeline";

/** Where its keys count: on a node that has the keyboard, on the canvas, on the page unless one types, or even then. */
export type Scope = "node" | "canvas" | "page" | "always";

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: Group;
  readonly icon?: string;
  /** As they are when nobody changed them: `Ctrl+Shift+P`; Ctrl stands for the Command key too. */
  readonly keys: readonly string[];
  readonly scope: Scope;
  /** More words to find it by. */
  readonly words?: string;
  /** What the command palette would not list: moving about, and what opens the palette itself. */
  readonly unlisted?: true;
  /** Why its keys are as they are. */
  readonly fixed?: string;
  /** Whether it can be done now; `node` is what it would be done to. */
  possible?(node: string | null): boolean;
  do(node: string | null): void;
}
