import type { Branch, Operator } from "../../graph/control.ts";

export const OPERATORS: readonly { readonly id: Operator; readonly sign: string; readonly label: string }[] =
  [
    { id: "is_true", sign: "is true", label: "is true" },
    { id: "eq", sign: "=", label: "equals" },
    { id: "ne", sign: "≠", label: "does not equal" },
    { id: "lt", sign: "<", label: "is less than" },
    { id: "le", sign: "≤", label: "is at most" },
    { id: "gt", sign: ">", label: "is greater than" },
    { id: "ge", sign: "≥", label: "is at least" },
  ];

/** "if value ≥ 0.9". */
export function ruleWords({ operator, operand }: Branch): string {
  const sign = OPERATORS.find(({ id }) => id === operator)?.sign ?? operator;
  if (operator === "is_true") return "if value is true";
  return `if value ${sign} ${operand === null || operand === "" ? "…" : String(operand)}`;
}
