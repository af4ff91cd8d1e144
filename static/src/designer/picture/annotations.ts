/** Notes and sections as the canvas draws them (annotations.css). */

import type { Note } from "../../graph/types.ts";
import { plural } from "../../lib/format.ts";
import type { Block, Run } from "../notes/markdown.ts";
import { blocksOf } from "../notes/markdown.ts";
import type { SectionData } from "../sections/SectionNode.tsx";
import { TINTS } from "../sections/tints.ts";
import { mix } from "./colours.ts";
import type { Size } from "./nodes.ts";
import type { Pen, TextLook } from "./pen.ts";
import { element } from "./pen.ts";

export function drawSection(
  pen: Pen,
  { width, height }: Size,
  { section, members, folded }: SectionData,
): string {
  const tint = TINTS[section.color];
  const canvas = pen.colour("--canvas");
  const border = { stroke: mix(tint, 0.5, canvas) };
  const title = section.title || "Group";
  const head =
    pen.icon(folded ? "chevron-right" : "chevron-down", 14, 12, 14, pen.colour("--ink-muted")) +
    pen.text(37, 23.5, title, { size: 13, weight: 600, room: width - 50 });
  if (!folded)
    return pen.box(0, 0, width, height, 12, { fill: tint, "fill-opacity": 0.08, ...border }) + head;
  const end = { fill: pen.colour("--surface-card"), stroke: mix(tint, 0.7, pen.colour("--ink")) };
  return [
    pen.box(4, 4, width - 2, height - 2, 7, { fill: mix(tint, 0.4, canvas), stroke: "none" }, 0),
    pen.box(0, 0, width, height, 8, { fill: mix(tint, 0.14, pen.colour("--surface-card")), ...border }, 1.5),
    head,
    pen.text(41, 49, plural(members.length, "node"), { size: 11, weight: 400, fill: "--ink-muted" }),
    pen.box(-5, height / 2 - 5, 10, 10, 3, end, 1.5),
    pen.box(width - 5, height / 2 - 5, 10, 10, 3, end, 1.5),
  ].join("");
}

const LEFT = 13;
const TOP = 11;

/** A note; what does not fit its box is cut off, as on the canvas. `key` names its clip. */
export function drawNote(pen: Pen, { width, height }: Size, note: Note, key: string): string {
  const tint = TINTS[note.color];
  const card = {
    fill: mix(tint, 0.16, pen.colour("--surface-card")),
    stroke: mix(tint, 0.45, pen.colour("--canvas")),
  };
  const room = element("rect", { x: 1, y: 1, width: width - 2, height: height - 2 });
  return (
    pen.box(0, 0, width, height, 8, card) +
    element("clipPath", { id: key }, room) +
    element("g", { "clip-path": `url(#${key})` }, write(pen, blocksOf(note.text), width - 2 * LEFT, height))
  );
}

const SIZES: Readonly<Record<Block["kind"], number>> = { h1: 15, heading: 13, text: 12, code: 11 };

function write(pen: Pen, blocks: readonly Block[], width: number, height: number): string {
  let y = TOP;
  let drawn = "";
  for (const [at, block] of blocks.entries()) {
    const size = SIZES[block.kind];
    const heading = block.kind === "h1" || block.kind === "heading";
    const line = size * 1.45;
    if (heading && at > 0) y += 8;
    const left = LEFT + block.indent;
    if (block.marker)
      drawn += pen.text(left - 6, y + baseline(size, line), block.marker, { size, weight: 400, end: true });
    for (const row of wrap(pen, block, size, heading, width - block.indent)) {
      if (y > height) return drawn;
      let x = left;
      for (const { text, look } of row) {
        drawn += pen.text(x, y + baseline(size, line), text, look);
        x += pen.tools.measure(text, look);
      }
      y += line;
    }
    y += block.tight ? 0 : heading ? 4 : 6;
  }
  return drawn;
}

/** Of a line of text as CSS sets it: Inter's ascent and descent, in the middle of the line. */
const baseline = (size: number, line: number): number => (line - size * 1.21) / 2 + size * 0.969;

interface Piece {
  readonly text: string;
  readonly look: TextLook;
}

/** A block's words in lines, broken where they would be too wide. */
function wrap(pen: Pen, block: Block, size: number, heading: boolean, width: number): Piece[][] {
  const lines: Piece[][] = [[]];
  let x = 0;
  for (const run of block.runs) {
    const look = lookOf(run, size, heading);
    for (const part of run.text.split(/(\n|[^\S\n]+)/)) {
      if (part === "\n") {
        lines.push([]);
        x = 0;
        continue;
      }
      for (const text of block.kind === "code" ? [part] : chopped(pen, part, look, width)) {
        const wide = pen.tools.measure(text, look);
        if (x > 0 && x + wide > width && block.kind !== "code") {
          lines.push([]);
          x = 0;
        }
        if (text === "" || (x === 0 && block.kind !== "code" && !text.trim())) continue;
        lines.at(-1)!.push({ text, look });
        x += wide;
      }
    }
  }
  return lines;
}

const lookOf = ({ bold, code }: Run, size: number, heading: boolean): TextLook => ({
  size: code ? 11 : size,
  weight: bold || heading ? 600 : 400,
  ...(code ? { mono: true } : {}),
});

/** A word that no line holds, in pieces that lines do. */
function chopped(pen: Pen, word: string, look: TextLook, width: number): string[] {
  if (pen.tools.measure(word, look) <= width) return [word];
  const pieces: string[] = [];
  let piece = "";
  for (const letter of word) {
    if (piece && pen.tools.measure(piece + letter, look) > width) {
      pieces.push(piece);
      piece = "";
    }
    piece += letter;
  }
  return [...pieces, piece];
}
