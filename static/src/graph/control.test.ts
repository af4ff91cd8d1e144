import { describe, expect, it } from "vitest";

import { orderIn, orderOut, reach } from "./adjacency.ts";
import { apply } from "./apply.ts";
import { staleNodes } from "./compare.ts";
import { judgeOrder, upstreamOf } from "./connection.ts";
import { cut, fromText, paste, toText } from "./fragment.ts";
import { nodeSize, orderAnchors, orderStart } from "./geometry.ts";
import { renameIn } from "./ids.ts";
import { renameInput } from "./inputs.ts";
import { wholeLoop } from "./loops.ts";
import { neighbours, topological } from "./order.ts";
import { inputPorts, outputPorts } from "./ports.ts";
import { face, graph, input, step, testCatalog, wire } from "./testing.ts";
import type { BranchNode, Condition, Document, Op, OrderEdge } from "./types.ts";
import { orderKey } from "./types.ts";
import { upgrade } from "./upgrade.ts";
import { wholeNode } from "./whole.ts";

const catalog = testCatalog();
const after = (source: string, target: string, condition: Condition = "succeeded"): OrderEdge => ({
  source,
  target,
  condition,
});
const check = wholeNode({ id: "check", kind: "branch", x: 300 }) as BranchNode;

/** load ─(wire)→ split, load ─(order)→ check ─true→ train, ─false→ score. */
function branching(): Document {
  const made = graph(
    [
      step("load"),
      step("split", "split", { x: 300 }),
      step("train", "train", { x: 600 }),
      step("score", "score", { x: 600, y: 300 }),
    ],
    [wire("load.table", "split.data")],
  );
  const order = [after("load", "check"), after("check", "train", "true"), after("check", "score", "false")];
  return {
    ...made,
    nodes: { ...made.nodes, check },
    order: Object.fromEntries(order.map((edge) => [orderKey(edge.target, edge.source), edge])),
  };
}

describe("order edges", () => {
  it("are followed wherever the graph is walked", () => {
    const document = branching();
    expect([...reach(document, "load")].sort()).toEqual(["check", "load", "score", "split", "train"]);
    expect([...reach(document, "load", "out", "data")].sort()).toEqual(["load", "split"]);
    expect([...upstreamOf(document, "train")].sort()).toEqual(["check", "load", "train"]);
    expect(topological(document)).toEqual(["load", "split", "check", "train", "score"]);
    expect(neighbours(document, "check")).toEqual({ before: ["load"], after: ["train", "score"] });
  });

  it("keep their index right through edits and their inverses", () => {
    let document = branching();
    expect([...orderOut(document.order, "check")]).toHaveLength(2);
    const edits: Op[] = [
      { op: "connect_order", source: "split", target: "train", condition: "failed" },
      { op: "connect_order", source: "split", target: "train", condition: "skipped" },
      { op: "disconnect_order", source: "check", target: "train" },
      { op: "remove_node", id: "check" },
    ];
    for (const edit of edits) {
      const done = apply(document, edit, catalog);
      expect(apply(done.document, done.inverse, catalog).document).toEqual(document);
      document = apply(document, edit, catalog).document;
      for (const id of Object.keys(document.nodes)) {
        const all = Object.values(document.order);
        expect([...orderIn(document.order, id)]).toEqual(all.filter((edge) => edge.target === id));
        expect([...orderOut(document.order, id)]).toEqual(all.filter((edge) => edge.source === id));
      }
    }
    expect(document.order).toEqual({ "train<split": after("split", "train", "skipped") });
  });

  it("are judged without walking the graph when what comes before is known", () => {
    const document = branching();
    expect(judgeOrder(document, after("train", "load")).code).toBe("cycle");
    expect(judgeOrder(document, after("train", "load"), new Set(["train"])).code).toBeNull();
    expect(judgeOrder(document, after("check", "split")).code).toBe("unknown_port");
    expect(judgeOrder(document, after("check", "split", "true")).verdict).toBe("yes");
  });

  it("leave a step's results what they were, for they carry nothing", () => {
    const then = branching();
    const changed: Op = { op: "update_node", id: "load", changes: { settings: { force_rerun: true } } };
    expect([...staleNodes(apply(then, changed, catalog).document, then)].sort()).toEqual(["load", "split"]);
    const looped: Op = { op: "update_node", id: "train", changes: { loop: wholeLoop({ type: "sweep" }) } };
    expect([...staleNodes(apply(then, looped, catalog).document, then)]).toEqual(["train"]);
  });

  it("go with what is copied, and with what is renamed", () => {
    const document = branching();
    const fragment = fromText(toText(cut(document, ["check", "train"])))!;
    expect(fragment.order).toEqual([after("check", "train", "true")]);
    const pasted = apply(document, paste(document, catalog, fragment, {}).ops, catalog).document;
    expect(pasted.order["train_2<check_2"]).toEqual(after("check_2", "train_2", "true"));
    const names = new Map([["check", "decide"]]);
    const ops = renameIn([{ op: "connect_order", ...after("check", "train", "true") }], names);
    expect(ops).toEqual([{ op: "connect_order", ...after("decide", "train", "true") }]);
  });

  it("leave a branch by its condition and anything else at the bottom", () => {
    const anchors = orderAnchors(nodeSize(check, undefined), true);
    expect(orderStart(anchors, "false")).toEqual({ x: 176, y: 72 });
    const plain = orderAnchors(nodeSize(step("load"), catalog.components.get("load:1")));
    expect(orderStart(plain, "failed")).toEqual(plain.out);
  });
});

describe("loops", () => {
  const face_ = catalog.components.get("load:1")!;

  it("make one output of many", () => {
    const loop = wholeLoop({ type: "parallel_for", over: "items" })!;
    const node = step("load", "load", { loop });
    const ports = outputPorts(node, face_);
    expect(ports.map((port) => port.type)).toEqual(["uri_folder", "string"]);
    expect(outputPorts(node, face_)).toBe(ports);
    const swept = step("load", "load", { loop: wholeLoop({ type: "sweep" })! });
    expect(outputPorts(swept, face_)).toBe(face_.outputs);
  });

  it("take a folder where they go through its files", () => {
    const reading = face("read", [input("file", "uri_file"), input("other", "uri_file")], {});
    const loop = wholeLoop({ type: "parallel_for", over: "files", input: "file" })!;
    expect(inputPorts(step("read", "read", { loop }), reading).map((port) => port.type)).toEqual([
      "uri_folder",
      "uri_file",
    ]);
    expect(inputPorts(step("read", "read"), reading)[0]!.type).toBe("uri_file");
  });

  it("get all that may be left out, and only loops do", () => {
    expect(wholeLoop({ type: "parallel_for", over: "files", batch_size: 5 })).toEqual({
      type: "parallel_for",
      over: "files",
      input: "",
      batch_size: 5,
      max_concurrency: null,
    });
    expect(wholeLoop({ type: "for_ever" })).toBeNull();
    expect(wholeLoop({ type: "parallel_for" })).toBeNull();
  });

  it("have a row of their own on the node", () => {
    const plain = nodeSize(step("load"), face_).height;
    const loop = wholeLoop({ type: "do_while" })!;
    expect(nodeSize(step("load", "load", { loop }), face_).height).toBe(plain + 24);
  });

  it("follow a pipeline input that is renamed", () => {
    const loop = wholeLoop({ type: "parallel_for", over: "items", items: "${{parent.inputs.list}}" })!;
    const document: Document = {
      ...graph([step("load", "load", { loop })]),
      inputs: { list: { type: "string", default: null, description: "", optional: false, x: 0, y: 0 } },
    };
    const renamed = apply(document, renameInput(document, "list", "names"), catalog).document;
    expect(renamed.nodes.load).toMatchObject({ loop: { items: "${{parent.inputs.names}}" } });
  });
});

describe("another version of a component", () => {
  const document = (): Document => ({
    ...branching(),
    outputs: {
      model: { type: "mlflow_model", source: "train", output: "model", description: "" },
      metrics: { type: "uri_file", source: "train", output: "metrics", description: "" },
    },
  });

  it("keeps order edges and the pipeline's outputs that it still has", () => {
    const before = document();
    const to = { ...catalog.components.get("train:1")!, ref: "train:2", version: "2" };
    const known = { ...catalog, components: new Map(catalog.components).set(to.ref, to) };
    const node = before.nodes.train!;
    const { ops, lost } = upgrade(before, known, node as never, to);
    const done = apply(before, ops, known).document;
    expect(done.order).toEqual(before.order);
    expect(Object.keys(done.outputs)).toEqual(["model"]);
    expect(lost).toEqual(["the pipeline output “metrics”"]);
  });
});
