/** Notes and sections as nodes of React Flow, beneath all others. */

import { Position } from "@xyflow/react";

import { noteName } from "../../graph/connection.ts";
import type { Note, Section } from "../../graph/types.ts";
import { noteNodeId, sectionNodeId } from "../../graph/types.ts";
import { plural } from "../../lib/format.ts";
import { INTO, OUT } from "../sections/SectionNode.tsx";
import type { Drawn } from "../sections/boxes.ts";
import type { CardNode } from "./flow.ts";

export function noteCard(note: Note): CardNode {
  const { width, height } = note;
  return {
    id: noteNodeId(note.id),
    type: "note",
    position: { x: note.x, y: note.y },
    width,
    height,
    measured: { width, height },
    handles: [],
    data: { note },
    ariaLabel: `Note: ${noteName(note)}`,
  };
}

export function sectionCard(section: Section, { members, box }: Drawn, folded: boolean): CardNode {
  const { x, y, width, height } = box;
  const at = { y: height / 2 - 5, width: 10, height: 10 };
  return {
    id: sectionNodeId(section.id),
    type: "section",
    position: { x, y },
    width,
    height,
    measured: { width, height },
    handles: folded
      ? [
          { id: INTO, type: "target", position: Position.Left, x: -5, ...at },
          { id: OUT, type: "source", position: Position.Right, x: width - 5, ...at },
        ]
      : [],
    data: { section, members, folded },
    ariaLabel: `Group ${section.title}, ${plural(members.length, "node")}${folded ? ", folded" : ""}`,
  };
}
