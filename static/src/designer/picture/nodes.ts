/** Nodes as the canvas draws them (node.css, group.css, order.css), without what a run made of them. */

import { HEADER, ROW, portY } from "../../graph/geometry.ts";
import type { Loop } from "../../graph/control.ts";
import { inputPorts, outputPorts, splitRef } from "../../graph/ports.ts";
import type { Document, GraphNode } from "../../graph/types.ts";
import { edgeKey } from "../../graph/types.ts";
import { SHAPES, familyOf, hue } from "../canvas/family.ts";
import type { FrameData, InputData, StepData } from "../canvas/flow.ts";
import { loopIcon, loopWords } from "../canvas/loopWords.ts";
import { iconOf, tileHue } from "../canvas/nodeParts.tsx";
import { ruleWords } from "../canvas/ruleWords.ts";
import { mix } from "./colours.ts";
import type { Pen } from "./pen.ts";
import { element } from "./pen.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

const LABEL = { size: 11, weight: 500, fill: "--ink-muted" };
const DASHED = "4 3";

/** A card in its own coordinates, from (0, 0) on. */
export function drawStep(
  pen: Pen,
  { width, height }: Size,
  { node, face, inner }: StepData,
  document: Document,
): string {
  const inputs = inputPorts(node, face);
  const outputs = outputPorts(node, face);
  const branch = node.kind === "branch";
  const rows = Math.max(inputs.length, branch ? 2 : outputs.length);
  const loop = node.kind === "component" ? node.loop : undefined;
  const mode = node.kind === "component" ? node.mode : undefined;
  const broken = node.kind === "component" && (!face || face.cannot_run !== undefined);
  const right = branch ? ["True", "False"] : outputs.map(({ label }) => label);
  const wired = (port: string) => inner?.has(port) ?? edgeKey(node.id, port) in document.edges;
  const parts = [
    header(pen, width, node, tileHue(node, face), iconOf(node, face), face?.pipeline === true),
    ...Array.from({ length: rows }, (_, row) =>
      drawRow(pen, width, row, inputs[row]?.label ?? "", right[row] ?? ""),
    ),
    ...inputs.map((port, row) => drawPort(pen, 0, row, port.type, wired(port.name), port.optional)),
    ...outputs.map((port, row) => drawPort(pen, width, row, port.type, true)),
    branch ? drawWay(pen, width, 0, "--status-completed") + drawWay(pen, width, 1, "--status-warning") : "",
    loop ? drawLoop(pen, 9, HEADER + ROW * rows, width - 18, 24, loop) : "",
    node.comment ? drawComment(pen, width, height) : "",
  ].join("");
  const content = mode === "disabled" ? element("g", { opacity: 0.45 }, parts) : parts;
  const line =
    mode === "bypassed"
      ? element("path", {
          d: `M5 49H${width - 5}`,
          stroke: pen.colour("--ink-muted"),
          "stroke-width": 2,
          "stroke-dasharray": "2 2",
        })
      : "";
  return [
    loop ? drawStack(pen, width, height) : "",
    drawCard(pen, { width, height }, node.kind, mode, broken),
    line,
    content,
    mode ? mark(pen, width, mode === "disabled" ? "ban" : "redo-dot", mode) : "",
    inner ? "" : drawOutputs(pen, width, node, outputs, document),
  ].join("");
}

function drawCard(
  pen: Pen,
  { width, height }: Size,
  kind: GraphNode["kind"],
  mode: string | undefined,
  broken: boolean,
): string {
  const off = mode === "disabled";
  const fill = broken
    ? "url(#broken)"
    : off
      ? "url(#disabled)"
      : pen.colour(kind === "data" ? "--surface-sunken" : "--surface-card");
  const stroke = pen.colour(broken ? "--status-failed" : mode === "bypassed" ? "--ink-muted" : "--border");
  const look = {
    fill,
    stroke,
    "stroke-dasharray": broken || off ? DASHED : mode === "bypassed" ? "1 2" : undefined,
  };
  if (kind === "data") return tagShape(width, height, look);
  return pen.box(0, 0, width, height, kind === "branch" ? 18 : 8, look);
}

/** Round where data comes in. */
const tagShape = (
  width: number,
  height: number,
  look: Record<string, string | number | undefined>,
): string => {
  const [w, h] = [width - 0.5, height - 0.5];
  const far = Math.min(17.5, (h - 0.5) / 2);
  return element("path", {
    d: `M${0.5 + far} .5H${w - 7.5}A7.5 7.5 0 0 1 ${w} 8V${h - 7.5}A7.5 7.5 0 0 1 ${w - 7.5} ${h}H${0.5 + far}A${far} ${far} 0 0 1 .5 ${h - far}V${0.5 + far}A${far} ${far} 0 0 1 ${0.5 + far} .5z`,
    ...look,
  });
};

/** A pipeline input that carries data. */
export function drawInput(
  pen: Pen,
  { width, height }: Size,
  { name, input }: InputData,
  word: string,
): string {
  const tile = hue(familyOf(input.type));
  const look = {
    fill: pen.colour("--surface-card"),
    "fill-opacity": 0.7,
    stroke: pen.colour("--border"),
    "stroke-dasharray": DASHED,
  };
  return (
    tagShape(width, height, look) +
    drawTile(pen, tile, "log-in", false) +
    names(pen, width - 42, name, "pipeline input") +
    drawRow(pen, width, 0, "", word) +
    drawPort(pen, width, 0, input.type, true)
  );
}

/** A group that is open. */
export function drawFrame(
  pen: Pen,
  { width, height }: Size,
  { node, face }: FrameData,
  outer: boolean,
  document: Document,
): string {
  const inputs = inputPorts(node, face);
  const outputs = outputPorts(node, face);
  const title = { size: 13, weight: 600 };
  const said = pen.fit(node.title, title, width / 2);
  const after = 37 + pen.tools.measure(said, title) + 8;
  const loop = node.loop ? pen.tools.measure(loopWords(node.loop), { size: 11, weight: 500 }) + 30 : 0;
  return [
    node.loop ? drawStack(pen, width, height) : "",
    pen.box(0, 0, width, height, 8, {
      fill: pen.colour("--surface-sunken"),
      "fill-opacity": 0.82,
      stroke: pen.colour("--border-strong"),
    }),
    element("path", {
      d: `M1 29V8A7 7 0 0 1 8 1H${width - 8}A7 7 0 0 1 ${width - 1} 8V29z`,
      fill: pen.colour("--surface-card"),
    }),
    element("path", { d: `M1 28.5H${width - 1}`, stroke: pen.colour("--border") }),
    drawTile(pen, tileHue(node, face), iconOf(node, face), false, 15),
    pen.text(37, 19.5, said, title),
    pen.text(after, 19, subLine(node), {
      size: 11,
      weight: 400,
      fill: "--ink-muted",
      room: Math.max(0, width - after - loop - 40),
    }),
    node.loop ? drawLoop(pen, width - loop - 36, 5, loop, 20, node.loop) : "",
    ...inputs.map(
      (port, row) =>
        pen.text(13, portY(row) - 6, port.label, { ...LABEL, room: 96 }) +
        drawPort(
          pen,
          0,
          row,
          port.type,
          !outer || edgeKey(node.id, port.name) in document.edges,
          port.optional,
        ),
    ),
    ...outputs.map(
      (port, row) =>
        pen.text(width - 13, portY(row) - 6, port.label, { ...LABEL, room: 96, end: true }) +
        drawPort(pen, width, row, port.type, true),
    ),
    node.mode ? mark(pen, width, node.mode === "disabled" ? "ban" : "redo-dot", node.mode) : "",
    outer ? drawOutputs(pen, width, node, outputs, document) : "",
  ].join("");
}

function header(
  pen: Pen,
  width: number,
  node: GraphNode,
  tile: string,
  icon: string,
  opens: boolean,
): string {
  const final = node.settings.final ?? false;
  const room = width - 42 - (opens ? 32 : 0) - (final ? 20 : 0);
  return [
    drawTile(pen, tile, icon, node.kind === "branch"),
    names(pen, room, node.title, subLine(node), node.kind === "branch"),
    opens ? pen.icon("maximize", width - 24, 11.5, 14, pen.colour("--ink-muted")) : "",
    final ? pen.icon("flag", width - 18 - (opens ? 32 : 0), 12.5, 12, pen.colour("--ink-muted")) : "",
    final ? mark(pen, width, "flag", "always runs") : "",
  ].join("");
}

function subLine(node: GraphNode): string {
  if (node.kind === "branch") return ruleWords(node.branch);
  const { name, version } = splitRef(node.kind === "data" ? node.asset : node.component);
  return `${node.kind === "data" ? "data · " : ""}${name} · v${version}`;
}

function names(pen: Pen, room: number, title: string, sub: string, strong = false): string {
  const below = strong
    ? { size: 11, weight: 500, fill: "--ink" }
    : { size: 11, weight: 400, fill: "--ink-muted" };
  return (
    pen.text(37, 16, title, { size: 13, weight: 600, room }) + pen.text(37, 30.5, sub, { ...below, room })
  );
}

function drawTile(pen: Pen, token: string, icon: string, diamond: boolean, middle = 18.5): string {
  const tint = pen.colour(token);
  const half = diamond ? 9 : 10;
  const fill = mix(tint, 0.16, pen.colour("--surface-card"));
  const box = {
    x: 19 - half,
    y: middle - half,
    width: 2 * half,
    height: 2 * half,
    rx: diamond ? 3 : 4,
    fill,
  };
  const glyph = diamond ? 12 : 14;
  return (
    element("rect", { ...box, transform: diamond ? `rotate(45 19 ${middle})` : undefined }) +
    pen.icon(icon, 19 - glyph / 2, middle - glyph / 2, glyph, tint)
  );
}

function drawRow(pen: Pen, width: number, row: number, left: string, right: string): string {
  const room = width - 26 - (left && right ? 8 : 0);
  const [one, two] = [left, right].map((text) => pen.tools.measure(text, LABEL)) as [number, number];
  const share = Math.min(1, room / Math.max(1, one + two));
  const y = portY(row) + 4;
  return (
    pen.text(13, y, left, { ...LABEL, room: one * share }) +
    pen.text(width - 13, y, right, { ...LABEL, room: two * share, end: true })
  );
}

function drawPort(pen: Pen, x: number, row: number, type: string, full: boolean, optional = false): string {
  const family = familyOf(type);
  const tint = pen.colour(hue(family));
  return element("path", {
    transform: `translate(${x - 5} ${portY(row) - 5})`,
    d: SHAPES[family],
    fill: full ? tint : pen.colour("--surface-card"),
    stroke: tint,
    "stroke-width": 1.5,
    "stroke-dasharray": optional && !full ? "2 1.4" : undefined,
  });
}

const drawWay = (pen: Pen, x: number, row: number, token: string): string =>
  element("rect", {
    x: x - 4.25,
    y: portY(row) - 4.25,
    width: 8.5,
    height: 8.5,
    rx: 1.5,
    transform: `rotate(45 ${x} ${portY(row)})`,
    fill: pen.colour("--surface-card"),
    stroke: pen.colour(token),
    "stroke-width": 1.5,
  });

function drawLoop(pen: Pen, x: number, y: number, width: number, height: number, loop: Loop): string {
  return (
    element("rect", { x, y, width, height, rx: 4, fill: pen.colour("--accent-soft") }) +
    pen.icon(loopIcon(loop), x + 6, y + height / 2 - 6, 12, pen.colour("--accent")) +
    pen.text(x + 23, y + height / 2 + 4, loopWords(loop), { size: 11, weight: 500, room: width - 28 })
  );
}

/** The cards behind a loop's card. */
const drawStack = (pen: Pen, width: number, height: number): string =>
  [10, 5]
    .map((inset) => {
      const look = { fill: pen.colour("--surface-card"), stroke: pen.colour("--border") };
      return pen.box(inset + 1, height - 12, width - 2 * inset - 2, inset === 5 ? 16 : 20, 8, look);
    })
    .join("");

/** Words on the upper edge. */
function mark(pen: Pen, width: number, icon: string, word: string): string {
  const at = width - 9 - pen.tools.measure(word, { size: 11, weight: 500 }) - 29;
  return pen.chip(at, -1, icon, word, {
    hue: pen.colour("--ink-muted"),
    fill: "--surface-sunken",
    height: 18,
    radius: 4,
  }).drawn;
}

const drawComment = (pen: Pen, width: number, height: number): string =>
  element("circle", {
    cx: width - 16,
    cy: height - 2,
    r: 8.5,
    fill: pen.colour("--surface-card"),
    stroke: pen.colour("--border"),
  }) + pen.icon("scroll-text", width - 22, height - 8, 12, pen.colour("--ink-muted"));

/** The pipeline's outputs, beside the ports that they are. */
function drawOutputs(
  pen: Pen,
  width: number,
  node: GraphNode,
  ports: readonly { name: string }[],
  document: Document,
): string {
  return Object.entries(document.outputs)
    .filter(([, output]) => output.source === node.id)
    .map(([name, output]) => {
      const row = ports.findIndex((port) => port.name === output.output);
      return row < 0
        ? ""
        : pen.chip(width + 12, portY(row), "log-out", name, { hue: pen.colour("--accent") }).drawn;
    })
    .join("");
}
