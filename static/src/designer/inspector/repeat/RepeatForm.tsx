import "./repeat.css";

import { useId } from "react";

import type { Loop } from "../../../graph/control.ts";
import { wholeLoop } from "../../../graph/loops.ts";
import { fields } from "../../../graph/ports.ts";
import type { ComponentNode, Interface } from "../../../graph/types.ts";
import { isData } from "../../../graph/types.ts";
import { changeNode } from "../../actions/edit.ts";
import { useDoc } from "../../state/doc.ts";
import { FilesForm } from "./FilesForm.tsx";
import { ItemsForm } from "./ItemsForm.tsx";
import { SweepForm } from "./SweepForm.tsx";
import { WhileForm } from "./WhileForm.tsx";

type Kind = "once" | "items" | "files" | "do_while" | "sweep";

const KINDS: readonly [Kind, string, string][] = [
  ["once", "Once", ""],
  ["items", "For each item of a list", "Side by side, once for every row of a list of values."],
  ["files", "For each file of a folder", "Side by side, once for every file, or for batches of them."],
  ["do_while", "While a condition holds", "One after the other: what one time gives goes into the next."],
  ["sweep", "Sweep over parameters", "Trials with different values; the outputs are those of the best."],
];

const kindOf = (loop: Loop | undefined): Kind =>
  !loop ? "once" : loop.type === "parallel_for" ? loop.over : loop.type;

export interface LoopFormProps<T extends Loop> {
  node: ComponentNode;
  face: Interface;
  loop: T;
  disabled: boolean;
  onChange: (loop: T) => void;
}

/** How often a node runs, and with what each time. */
export default function RepeatForm({ node, face }: { node: ComponentNode; face: Interface }) {
  const id = useId();
  const editable = useDoc((doc) => doc.editable);
  const kind = kindOf(node.loop);
  const change = (loop: Loop | null) => changeNode(node.id, { loop }, "Repetition");
  const shared = { node, face, disabled: !editable, onChange: change };
  const { loop } = node;
  const help = KINDS.find(([each]) => each === kind)?.[2];
  return (
    <>
      <div className="param">
        <div className="param__head">
          <label htmlFor={`${id}-kind`}>Run it</label>
        </div>
        <select
          id={`${id}-kind`}
          className="text-input"
          data-field="loop"
          value={kind}
          disabled={!editable}
          onChange={(event) => change(started(event.target.value as Kind, face))}
        >
          {KINDS.map(([each, label]) => (
            <option key={each} value={each} disabled={!possible(each, face)}>
              {label}
              {possible(each, face)
                ? ""
                : each === "files"
                  ? " (takes no data)"
                  : " (gives no true or false)"}
            </option>
          ))}
        </select>
        {help && <p className="param__help">{help}</p>}
      </div>
      {loop?.type === "parallel_for" && loop.over === "items" && <ItemsForm {...shared} loop={loop} />}
      {loop?.type === "parallel_for" && loop.over === "files" && <FilesForm {...shared} loop={loop} />}
      {loop?.type === "do_while" && <WhileForm {...shared} loop={loop} />}
      {loop?.type === "sweep" && <SweepForm {...shared} loop={loop} />}
    </>
  );
}

const dataInputs = (face: Interface) => face.inputs.filter((port) => isData(port.type));
const booleans = (face: Interface) => face.outputs.filter((port) => port.type === "boolean");

function possible(kind: Kind, face: Interface): boolean {
  if (kind === "files") return dataInputs(face).length > 0;
  if (kind === "do_while") return booleans(face).length > 0;
  return true;
}

/** A loop as it begins: with whatever choice there is only one of made already. */
function started(kind: Kind, face: Interface): Loop | null {
  const first = fields(face)[0];
  switch (kind) {
    case "once":
      return null;
    case "items":
      return wholeLoop({ type: "parallel_for", over: "items", input: first?.name ?? null });
    case "files":
      return wholeLoop({ type: "parallel_for", over: "files", input: dataInputs(face)[0]?.name ?? "" });
    case "do_while":
      return wholeLoop({ type: "do_while", condition: booleans(face)[0]?.name ?? "" });
    case "sweep": {
      const metric = face.outputs.find((port) => port.type === "number")?.name ?? "";
      return wholeLoop({ type: "sweep", objective: { primary_metric: metric } });
    }
  }
}
