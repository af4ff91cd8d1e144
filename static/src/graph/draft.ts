import { order, wires } from "./adjacency.ts";
import type {
  Document,
  Edge,
  GraphNode,
  Note,
  OrderEdge,
  PipelineInput,
  PipelineOutput,
  Section,
} from "./types.ts";
import { edgeKey, orderKey } from "./types.ts";

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A document being changed by one batch: each table is copied once, at its first change, and what is not touched stays the same object. */
export class Draft {
  document: Writable<Document>;
  private nodes: Record<string, GraphNode> | null = null;
  private edges: Record<string, Edge> | null = null;
  private order: Record<string, OrderEdge> | null = null;
  private inputs: Record<string, PipelineInput> | null = null;
  private outputs: Record<string, PipelineOutput> | null = null;
  private notes: Record<string, Note> | null = null;
  private sections: Record<string, Section> | null = null;

  constructor(before: Document) {
    this.document = { ...before };
  }

  setNode(node: GraphNode): void {
    this.nodes ??= this.document.nodes = { ...this.document.nodes };
    this.nodes[node.id] = node;
  }

  deleteNode(id: string): void {
    this.nodes ??= this.document.nodes = { ...this.document.nodes };
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a table by id, not a record of known keys
    delete this.nodes[id];
  }

  /** The tables of notes and sections are there only while something is in them. */
  setNote(id: string, note: Note | null): void {
    this.notes ??= { ...this.document.notes };
    if (note) this.notes[id] = note;
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- as above
    else delete this.notes[id];
    if (Object.keys(this.notes).length > 0) this.document.notes = this.notes;
    else delete this.document.notes;
  }

  setSection(id: string, section: Section | null): void {
    this.sections ??= { ...this.document.sections };
    if (section) this.sections[id] = section;
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- as above
    else delete this.sections[id];
    if (Object.keys(this.sections).length > 0) this.document.sections = this.sections;
    else delete this.document.sections;
  }

  setEdge(edge: Edge): void {
    const edges = this.ownEdges();
    edges[edgeKey(edge.target, edge.input)] = edge;
    wires.added(edges, edge);
  }

  deleteEdge(edge: Edge): void {
    const edges = this.ownEdges();
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- as above
    delete edges[edgeKey(edge.target, edge.input)];
    wires.removed(edges, edge);
  }

  setOrder(edge: OrderEdge): void {
    const edges = this.ownOrder();
    edges[orderKey(edge.target, edge.source)] = edge;
    order.added(edges, edge);
  }

  deleteOrder(edge: OrderEdge): void {
    const edges = this.ownOrder();
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- as above
    delete edges[orderKey(edge.target, edge.source)];
    order.removed(edges, edge);
  }

  setInput(name: string, input: PipelineInput | null): void {
    this.inputs ??= this.document.inputs = { ...this.document.inputs };
    if (input) this.inputs[name] = input;
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- as above
    else delete this.inputs[name];
  }

  setOutput(name: string, output: PipelineOutput | null): void {
    this.outputs ??= this.document.outputs = { ...this.document.outputs };
    if (output) this.outputs[name] = output;
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- as above
    else delete this.outputs[name];
  }

  private ownEdges(): Record<string, Edge> {
    if (!this.edges) {
      const copy = { ...this.document.edges };
      wires.handOn(this.document.edges, copy);
      this.edges = this.document.edges = copy;
    }
    return this.edges;
  }

  private ownOrder(): Record<string, OrderEdge> {
    if (!this.order) {
      const copy = { ...this.document.order };
      order.handOn(this.document.order, copy);
      this.order = this.document.order = copy;
    }
    return this.order;
  }
}
