import { useId } from "react";

import type { Operator } from "../../graph/control.ts";
import { parameters } from "../../graph/ports.ts";
import type { BranchNode, Scalar } from "../../graph/types.ts";
import { changeNode } from "../actions/edit.ts";
import { OPERATORS } from "../canvas/ruleWords.ts";
import { useDoc } from "../state/doc.ts";
import { useDraft } from "../widgets/draft.ts";
import { Field } from "./Field.tsx";
import { Section } from "./Section.tsx";

/** What a branch decides by: a value, and how it is compared. */
export function BranchForm({ node }: { node: BranchNode }) {
  const id = useId();
  const editable = useDoc((doc) => doc.editable);
  const { operator, operand } = node.branch;
  const set = (change: Partial<typeof node.branch>) =>
    changeNode(node.id, { branch: { ...node.branch, ...change } }, "Condition");
  const value = parameters(node, undefined)[0]!;
  const text = useDraft(operand === null ? "" : String(operand), (next) =>
    set({ operand: readOperand(next) }),
  );
  return (
    <Section title="Condition" name="condition">
      <Field node={node} port={value} first />
      <div className="param">
        <div className="param__head">
          <label htmlFor={`${id}-operator`}>holds when the value</label>
        </div>
        <div className="branch-rule">
          <select
            id={`${id}-operator`}
            className="text-input"
            data-field="operator"
            value={operator}
            disabled={!editable}
            onChange={(event) => {
              const next = event.target.value as Operator;
              set({ operator: next, operand: next === "is_true" ? null : operand });
            }}
          >
            {OPERATORS.map((each) => (
              <option key={each.id} value={each.id}>
                {each.label}
              </option>
            ))}
          </select>
          {operator !== "is_true" && (
            <input
              className="text-input"
              aria-label="Compared with"
              data-field="operand"
              placeholder="a number or text"
              value={text.draft}
              disabled={!editable}
              spellCheck={false}
              onChange={(event) => text.setDraft(event.target.value)}
              onBlur={text.commit}
              onKeyDown={(event) => {
                if (event.key === "Enter") text.commit();
                if (event.key === "Escape") text.revert();
              }}
            />
          )}
        </div>
        <p className="param__help">
          {operator === "is_true"
            ? "The value must be true or false."
            : "Numbers are compared as numbers, anything else as text."}{" "}
          Steps that run after this node on <em>True</em> or <em>False</em> follow it, or are skipped.
        </p>
      </div>
    </Section>
  );
}

/** What was typed, as what it looks like. */
export function readOperand(text: string): Scalar | null {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (trimmed === "true" || trimmed === "false") return trimmed === "true";
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : text;
}
