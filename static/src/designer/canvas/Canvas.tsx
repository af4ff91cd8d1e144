import "@xyflow/react/dist/base.css";
import "./canvas.css";
import "./node.css";
import "./wire.css";
import "./order.css";
import "./group.css";
import "./annotations.css";

import type { NodeChange, EdgeChange } from "@xyflow/react";
import { Background, ReactFlow, ReactFlowProvider } from "@xyflow/react";
import type { MouseEvent as ReactMouseEvent, PointerEvent as ReactPointerEvent } from "react";
import { useCallback, useEffect, useMemo, useRef } from "react";

import { placeAt, setFlow, setPane } from "../actions/focus.ts";
import { app } from "../app.ts";
import { PreviewPanels } from "../data/PreviewPanels.tsx";
import { isGroup, nodeAt, toggleGroup } from "../groups/expand.ts";
import { useGraphs } from "../groups/graphs.ts";
import type { Layout } from "../groups/layout.ts";
import { layoutOf } from "../groups/view.ts";
import { openNodeMenu } from "../menu/nodeMenu.ts";
import { notePointer } from "../actions/open.ts";
import { FindBar } from "../find/FindBar.tsx";
import { openPaneMenu } from "../menu/paneMenu.ts";
import { NoteNode } from "../notes/NoteNode.tsx";
import { sendCursor } from "../protocol/presence.ts";
import { foldedOf, toggleFold } from "../sections/actions.ts";
import { foldedMembers } from "../sections/boxes.ts";
import { SectionNode } from "../sections/SectionNode.tsx";
import { usePast } from "../history/pastStore.ts";
import { docStore, useDoc } from "../state/doc.ts";
import { useRun } from "../state/run.ts";
import { select, setUi, uiStore, useUi } from "../state/ui.ts";
import { useView } from "../state/view.ts";
import {
  isValidConnection,
  onConnectEnd,
  onConnectStart,
  onReconnect,
  onReconnectEnd,
  onReconnectStart,
} from "./connecting.ts";
import { commitDrag, dragBy, seekWire } from "./dragging.ts";
import { Guides } from "./Guides.tsx";
import { onDragLeave, onDragOver, onDrop } from "./dropping.ts";
import { EmptyState } from "./EmptyState.tsx";
import type { CardNode, NodeCache, WireEdge } from "./flow.ts";
import { flowNodes } from "./flow.ts";
import type { EdgeCache } from "./flowEdges.ts";
import { flowEdges } from "./flowEdges.ts";
import { FrameNode } from "./FrameNode.tsx";
import { InputNode } from "./InputNode.tsx";
import { Map } from "./Map.tsx";
import { NoticeChip } from "./NoticeChip.tsx";
import { OrderArrow, OrderWire } from "./OrderWire.tsx";
import { Overview, OVERVIEW_FROM, OVERVIEW_ZOOM } from "./Overview.tsx";
import { Peers } from "./Peers.tsx";
import "./probe.ts";
import { StepNode } from "./StepNode.tsx";
import { Wire } from "./Wire.tsx";
import { WireLine } from "./WireLine.tsx";
import { ZoomControls } from "./ZoomControls.tsx";

const nodeTypes = {
  component: StepNode,
  data: StepNode,
  branch: StepNode,
  input: InputNode,
  frame: FrameNode,
  note: NoteNode,
  section: SectionNode,
};
const edgeTypes = { wire: Wire, order: OrderWire };
/** With more nodes than a screen shows at working size, only those in view are mounted. */
const CULL_FROM = 50;
const NONE: never[] = [];

/** Where everything is drawn, with the groups that are open. */
function useLayout(): Layout {
  const document = useDoc((doc) => doc.document);
  const expanded = useUi((ui) => ui.expanded);
  const graphs = useGraphs((state) => state.graphs);
  const footer = useRun((state) => state.run !== null);
  const watched = useRun((state) => state.watched);
  return useMemo(
    () => layoutOf(document, expanded, graphs, footer, watched),
    [document, expanded, graphs, footer, watched],
  );
}

/** The sections that are folded. */
function useFolded(): ReadonlySet<string> {
  const kept = useUi((ui) => ui.folded);
  return useMemo(() => foldedOf(kept), [kept]);
}

function useFlowNodes(layout: Layout): CardNode[] {
  const document = useDoc((doc) => doc.document);
  const editable = useDoc((doc) => doc.editable);
  const selection = useUi((ui) => ui.selection);
  const current = useUi((ui) => ui.current);
  const drag = useUi((ui) => ui.drag);
  const footer = useRun((state) => state.run !== null);
  const folded = useFolded();
  const cache = useMemo((): NodeCache => new globalThis.Map<string, never>(), []);
  return useMemo(
    () =>
      flowNodes(
        document,
        app().catalog,
        { selection, current, drag, footer, editable, folded },
        cache,
        layout,
      ),
    [document, editable, selection, current, drag, footer, folded, cache, layout],
  );
}

function useFlowEdges(layout: Layout): WireEdge[] {
  const document = useDoc((doc) => doc.document);
  const editable = useDoc((doc) => doc.editable);
  const selected = useUi((ui) => ui.edges);
  const folded = useFolded();
  const cache = useMemo((): EdgeCache => new globalThis.Map<string, never>(), []);
  return useMemo(
    () =>
      flowEdges(document, app().catalog, selected, editable, cache, layout, foldedMembers(document, folded)),
    [document, editable, selected, cache, layout, folded],
  );
}

/** Selecting and dragging live in our stores; React Flow only proposes. */
function onNodesChange(changes: NodeChange<CardNode>[]): void {
  const { selection, edges } = uiStore.getState();
  let chosen: Set<string> | null = null;
  for (const change of changes) {
    if (change.type === "select") {
      chosen ??= new Set(selection);
      if (change.selected) chosen.add(change.id);
      else chosen.delete(change.id);
    }
  }
  if (chosen) select(chosen, edges);
  dragBy(changes);
}

function onEdgesChange(changes: EdgeChange<WireEdge>[]): void {
  const chosen = new Set(uiStore.getState().edges);
  let changed = false;
  for (const change of changes) {
    if (change.type !== "select") continue;
    changed = true;
    if (change.selected) chosen.add(change.id);
    else chosen.delete(change.id);
  }
  if (changed) setUi({ edges: chosen });
}

const onNodeDoubleClick = (event: ReactMouseEvent, node: CardNode): void => {
  const title = (event.target as HTMLElement).closest(".step-node__title");
  const { editable } = docStore.getState();
  if (node.type === "section" && !title) return toggleFold(node.id);
  if (node.type === "note" || node.type === "section") {
    if (editable) setUi({ renaming: node.id });
    return;
  }
  if (!title && isGroup(nodeAt(node.id)?.node)) return toggleGroup(node.id);
  if (title && node.id in docStore.getState().document.nodes && docStore.getState().editable)
    setUi({ renaming: node.id });
  else setUi({ inspector: true });
};

function onPaneDoubleClick(event: ReactMouseEvent): void {
  const pane = (event.target as HTMLElement).classList.contains("react-flow__pane");
  if (!pane || !docStore.getState().editable) return;
  const screen = { x: event.clientX, y: event.clientY };
  setUi({ quickAdd: { screen, at: placeAt(screen), from: null } });
}

export function Canvas() {
  return (
    <ReactFlowProvider>
      <Flow />
    </ReactFlowProvider>
  );
}

function Flow() {
  const layout = useLayout();
  const nodes = useFlowNodes(layout);
  const edges = useFlowEdges(layout);
  const editable = useDoc((doc) => doc.editable);
  const past = usePast((state) =>
    state.comparison ? " is-past is-comparing" : state.revision ? " is-past" : "",
  );
  const root = useRef<HTMLDivElement>(null);
  const overview = useUi((ui) => ui.overview) && nodes.length >= OVERVIEW_FROM;
  const wiring = useUi((ui) => ui.wire !== null);
  const snapping = useView((view) => view.snap);

  useEffect(() => {
    setPane(root.current);
    return () => {
      setPane(null);
      setFlow(null);
    };
  }, []);

  // Zoom levels are classes: nothing is rendered when they change.
  const onMove = useCallback((_event: unknown, { zoom }: { zoom: number }) => {
    root.current?.classList.toggle("is-far", zoom < 0.55);
    const far = zoom < OVERVIEW_ZOOM;
    if (uiStore.getState().overview !== far) setUi({ overview: far });
  }, []);

  return (
    <div
      ref={root}
      className={`canvas${wiring ? " is-wiring" : ""}${editable ? "" : " is-read-only"}${past}`}
      role="region"
      aria-label="Canvas"
      onDoubleClick={onPaneDoubleClick}
      onDragOver={onDragOver}
      onDragLeave={onDragLeave}
      onDrop={onDrop}
      onPointerMove={onPointerMove}
      onPointerLeave={onPointerLeave}
    >
      <ReactFlow<CardNode, WireEdge>
        nodes={overview ? NONE : nodes}
        edges={overview ? NONE : edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onInit={setFlow}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onNodeDrag={seekWire}
        onNodeDragStop={commitDrag}
        onSelectionDragStop={commitDrag}
        onNodeDoubleClick={onNodeDoubleClick}
        onNodeContextMenu={(event, node) => {
          event.preventDefault();
          openNodeMenu(node.id, { x: event.clientX, y: event.clientY });
        }}
        onEdgeMouseEnter={(_event, edge) => setUi({ hoverEdge: edge.id })}
        onEdgeMouseLeave={() => setUi({ hoverEdge: null })}
        onPaneContextMenu={(event) => {
          event.preventDefault();
          openPaneMenu({ x: event.clientX, y: event.clientY });
        }}
        onPaneClick={() => select([])}
        onMove={onMove}
        onConnectStart={onConnectStart}
        onConnectEnd={onConnectEnd}
        onReconnectStart={onReconnectStart}
        onReconnect={onReconnect}
        onReconnectEnd={onReconnectEnd}
        isValidConnection={isValidConnection}
        connectionLineComponent={WireLine}
        connectionRadius={24}
        reconnectRadius={10}
        onlyRenderVisibleElements={nodes.length > CULL_FROM}
        snapToGrid={snapping}
        snapGrid={SNAP}
        minZoom={0.08}
        maxZoom={2}
        zoomOnDoubleClick={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={MULTI}
        nodesConnectable={editable}
        elevateNodesOnSelect
        proOptions={PRO}
      >
        <Background gap={24} size={1.5} color="var(--canvas-dot)" />
        <Peers />
        <NoticeChip />
        <Guides />
        <PreviewPanels />
        {!overview && <Map nodes={nodes} />}
      </ReactFlow>
      {overview && <Overview nodes={nodes} edges={edges} />}
      <OrderArrow />
      <ZoomControls />
      <EmptyState />
      <FindBar />
    </div>
  );
}

function onPointerMove(event: ReactPointerEvent): void {
  notePointer({ x: event.clientX, y: event.clientY });
  sendCursor(event);
}

const onPointerLeave = (): void => notePointer(null);

const SNAP: [number, number] = [8, 8];
const MULTI = ["Shift", "Control", "Meta"];
const PRO = { hideAttribution: true };
