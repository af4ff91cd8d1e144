import type { DragEvent, MouseEvent } from "react";

import type { Interface } from "../../graph/types.ts";
import { plain } from "../../lib/format.ts";
import { Icon } from "../../lib/Icon.tsx";
import type { New } from "../actions/add.ts";
import { addNode } from "../actions/add.ts";
import { app } from "../app.ts";
import { ASSET, BRANCH, COMPONENT, takeInHand } from "../canvas/dropping.ts";
import { familyOf, hue } from "../canvas/family.ts";
import { categoryHue } from "./categories.ts";
import type { Asset } from "../state/doc.ts";
import { useDoc } from "../state/doc.ts";

interface Props {
  what: New;
  kind: string;
  value: string;
  icon: string;
  tile: string;
  title: string;
  sub: string;
  help: string;
  testId: string;
}

function Item({ what, kind, value, icon, tile, title, sub, help, testId }: Props) {
  const editable = useDoc((doc) => doc.editable);
  const drag = (event: DragEvent<HTMLElement>) => {
    event.dataTransfer.setData(kind, value);
    takeInHand("component" in what ? what.component : null);
    event.dataTransfer.effectAllowed = "copy";
    event.dataTransfer.setDragImage(event.currentTarget, 90, 18);
  };
  const add = (event: MouseEvent) => {
    addNode(what, { link: !event.shiftKey, focus: event.detail === 0 });
  };
  return (
    <button
      type="button"
      className="palette-item"
      draggable={editable}
      disabled={!editable}
      title={help}
      data-testid={testId}
      onDragStart={drag}
      onClick={add}
    >
      <span className="step-node__tile" style={{ "--tile": tile }}>
        <Icon name={icon} size={14} />
      </span>
      <span className="palette-item__title">{title}</span>
      {sub && <span className="palette-item__sub">{sub}</span>}
    </button>
  );
}

export function ComponentItem({ face }: { face: Interface }) {
  return (
    <Item
      what={{ component: face }}
      kind={COMPONENT}
      value={face.name}
      icon={face.icon}
      tile={categoryHue(face.category)}
      title={face.title}
      sub=""
      help={`${plain(face.description)}\nVersion ${face.version}. Click to add it, wired to what is selected; Shift-click adds it alone.`.trim()}
      testId={`palette-item-${face.name}`}
    />
  );
}

export function BranchItem() {
  return (
    <Item
      what={{ branch: true }}
      kind={BRANCH}
      value="branch"
      icon="split"
      tile={categoryHue("Control flow")}
      title="If / else"
      sub=""
      help="Decides by a value which of two ways is gone. Steps hang on it with order edges."
      testId="palette-item-branch"
    />
  );
}

export function AssetItem({ asset }: { asset: Asset }) {
  const word = app().catalog.labels[asset.type] ?? asset.type;
  return (
    <Item
      what={{ asset }}
      kind={ASSET}
      value={asset.ref}
      icon={
        asset.type === "mltable" ? "table-2" : asset.type === "uri_folder" ? "folder" : "file-spreadsheet"
      }
      tile={hue(familyOf(asset.type))}
      title={asset.title || asset.name}
      sub={word}
      help={`${asset.ref} · ${word}`}
      testId={`palette-asset-${asset.name}`}
    />
  );
}
