import { useMemo, useState } from "react";

import { interfaceOf, outputPorts } from "../../graph/ports.ts";
import type { Target } from "../../graph/placement.ts";
import { targetsOf } from "../../graph/placement.ts";
import { inputNameOf } from "../../graph/types.ts";
import { search } from "../../lib/fuzzy.ts";
import { connect, titleOf } from "../actions/edit.ts";
import { focusNode } from "../actions/focus.ts";
import { app } from "../app.ts";
import { componentOf, joins } from "../data/joins.ts";
import { PickList, besideNode } from "../picklist/PickList.tsx";
import { docStore, useDoc } from "../state/doc.ts";
import { setUi, useUi } from "../state/ui.ts";

interface Choice extends Target {
  output: string;
  outputLabel: string;
}

/** Wiring by keyboard: every input that the focused node's outputs may feed, nearest first. */
export function ConnectList() {
  const end = useUi((ui) => ui.connecting);
  return end && <List key={end.node} from={end.node} only={end.port} />;
}

function outputsOf(id: string): { name: string; label: string }[] {
  const name = inputNameOf(id);
  if (name !== null) return [{ name, label: name }];
  const node = docStore.getState().document.nodes[id];
  return node ? [...outputPorts(node, interfaceOf(node, app().catalog))] : [];
}

function List({ from, only }: { from: string; only: string }) {
  const document = useDoc((doc) => doc.document);
  const [query, setQuery] = useState("");
  const [at] = useState(() => besideNode(from));
  const all = useMemo(() => {
    const outputs = outputsOf(from).filter((port) => only === "" || port.name === only);
    const found = outputs.flatMap((port) =>
      targetsOf(document, app().catalog, from, port.name).map((target): Choice => ({
        ...target,
        output: port.name,
        outputLabel: port.label,
      })),
    );
    const times = (each: Choice) =>
      joins().count(componentOf(from), each.output, componentOf(each.node), each.port);
    // The usual joins first; among equals the nearest.
    return found
      .map((choice) => ({ choice, times: times(choice) }))
      .sort((a, b) => b.times - a.times)
      .map(({ choice }) => choice);
  }, [document, from, only]);
  const choices = useMemo(
    () => search(query, all, (each) => [titleOf(each.node), each.label, each.outputLabel]).slice(0, 80),
    [all, query],
  );
  const close = () => {
    setUi({ connecting: null });
    focusNode(from);
  };
  return (
    <PickList<Choice>
      label={`Connect ${titleOf(from)} to`}
      icon="spline"
      at={at}
      query={query}
      onQuery={setQuery}
      choices={choices}
      keyOf={({ output, node, port }) => `${output} ${node} ${port}`}
      hint={({ warn }) => warn}
      onChoose={({ wire }) => {
        close();
        connect(wire);
      }}
      onClose={(left) => (left ? close() : setUi({ connecting: null }))}
      none="No free input on the canvas takes what this gives."
    >
      {(choice) => (
        <>
          <span className="pick-list__title">
            {choice.outputLabel} → {titleOf(choice.node)} › {choice.label}
          </span>
          <span className="pick-list__note">{choice.warn && "may fit"}</span>
        </>
      )}
    </PickList>
  );
}
