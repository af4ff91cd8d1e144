export type RefusalCode =
  | "malformed"
  | "unknown_op"
  | "duplicate_id"
  | "unknown_node"
  | "unknown_component"
  | "unknown_asset"
  | "unknown_port"
  | "unknown_parameter"
  | "type_mismatch"
  | "occupied"
  | "not_connected"
  | "cycle"
  | "unknown_input"
  | "unknown_note"
  | "unknown_section"
  | "not_final";

/** Why an operation cannot be done: a code for programs, a sentence for people. */
export class Refusal extends Error {
  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message);
    this.name = "Refusal";
  }
}
