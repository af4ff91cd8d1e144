import "./palette.css";

import type { KeyboardEvent } from "react";
import { useMemo, useRef, useState } from "react";

import { Icon } from "../../lib/Icon.tsx";
import { search } from "../../lib/fuzzy.ts";
import type { Interface } from "../../graph/types.ts";
import type { Asset } from "../state/doc.ts";
import { useDoc } from "../state/doc.ts";
import { setUi, useUi } from "../state/ui.ts";
import { byCategoryName } from "./categories.ts";
import { AssetItem, BranchItem, ComponentItem } from "./PaletteItem.tsx";
import { Resizer } from "../panels/Resizer.tsx";
import { UploadButton } from "./UploadButton.tsx";

const FOLDED = "portline.palette.folded";

const componentTexts = (face: Interface) => [
  face.title,
  face.name,
  face.category,
  (face.tags ?? []).join(" "),
  face.description,
];
const BRANCH_TEXTS = ["If / else", "branch", "condition", "control flow"];
const assetTexts = (asset: Asset) => [asset.title || asset.name, asset.name];

function readFolded(): ReadonlySet<string> {
  try {
    return new Set(JSON.parse(localStorage.getItem(FOLDED) ?? "[]") as string[]);
  } catch {
    return new Set();
  }
}

/** What can be put on the canvas: components by category, and data. */
export function Palette() {
  const components = useDoc((doc) => doc.components);
  const assets = useDoc((doc) => doc.assets);
  const loaded = useDoc((doc) => doc.loaded);
  const width = useUi((ui) => ui.paletteWidth);
  const [query, setQuery] = useState("");
  const [folded, setFolded] = useState(readFolded);
  const root = useRef<HTMLElement>(null);

  const groups = useMemo(
    () => byCategory(search(query, components, componentTexts), query !== ""),
    [query, components],
  );
  const data = useMemo(() => search(query, assets, assetTexts), [query, assets]);

  const control = useMemo(() => search(query, [BRANCH_TEXTS], (texts) => texts).length > 0, [query]);

  const fold = (name: string) => {
    const next = new Set(folded);
    if (!next.delete(name)) next.add(name);
    setFolded(next);
    try {
      localStorage.setItem(FOLDED, JSON.stringify([...next]));
    } catch {
      // Then it is open again on the next visit.
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [
      ...(root.current?.querySelectorAll<HTMLElement>("input[type=search], .palette__fold, .palette-item") ??
        []),
    ];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };

  return (
    <aside className="palette" aria-label="Components" style={{ width }} ref={root} onKeyDown={onKeyDown}>
      <div className="palette__search">
        <Icon name="search" size={14} />
        <input
          type="search"
          placeholder="Search components and data"
          aria-label="Search components and data"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            root.current?.querySelector<HTMLElement>(".palette-item")?.click();
          }}
        />
        <button
          type="button"
          className="btn-icon"
          aria-label="Hide components"
          title="Hide components"
          onClick={() => setUi({ palette: false })}
        >
          <Icon name="panel-left" />
        </button>
      </div>
      <div className="palette__list">
        {components.length === 0 && !loaded && <PaletteSkeleton />}
        {groups.map(([name, faces]) => (
          <Section
            key={name}
            name={name}
            count={faces.length}
            folded={!query && folded.has(name)}
            onFold={() => fold(name)}
          >
            {faces.map((face) => (
              <ComponentItem key={face.ref} face={face} />
            ))}
          </Section>
        ))}
        {loaded && control && (
          <Section
            name="Control flow"
            count={1}
            folded={!query && folded.has("Control flow")}
            onFold={() => fold("Control flow")}
          >
            <BranchItem />
          </Section>
        )}
        {loaded && (
          <Section
            name="Your data"
            count={data.length}
            folded={!query && folded.has("Your data")}
            onFold={() => fold("Your data")}
          >
            {data.map((asset) => (
              <AssetItem key={asset.ref} asset={asset} />
            ))}
            {data.length === 0 && (
              <p className="palette__hint">
                {query ? "No data of that name." : "Upload a file, or drop one on the canvas."}
              </p>
            )}
            <UploadButton />
          </Section>
        )}
        {loaded && query && groups.length === 0 && data.length === 0 && !control && (
          <p className="palette__hint" role="status">
            Nothing is called “{query}”.
          </p>
        )}
      </div>
      <Resizer
        side="right"
        value={width}
        least={200}
        most={440}
        label="Width of the components"
        onChange={(paletteWidth) => setUi({ paletteWidth })}
      />
    </aside>
  );
}

function byCategory(faces: readonly Interface[], ranked: boolean): [string, Interface[]][] {
  const groups = new Map<string, Interface[]>();
  for (const face of faces) {
    const group = groups.get(face.category);
    if (group) group.push(face);
    else groups.set(face.category, [face]);
  }
  const entries = [...groups];
  if (ranked) return entries;
  for (const [, group] of entries) group.sort((a, b) => a.title.localeCompare(b.title));
  return entries.sort(([a], [b]) => byCategoryName(a, b));
}

interface SectionProps {
  name: string;
  count: number;
  folded: boolean;
  onFold: () => void;
  children: React.ReactNode;
}

function Section({ name, count, folded, onFold, children }: SectionProps) {
  return (
    <section className="palette__section" aria-label={name}>
      <button type="button" className="palette__fold" aria-expanded={!folded} onClick={onFold}>
        <Icon name={folded ? "chevron-right" : "chevron-down"} size={14} />
        {name}
        <span className="palette__count">{count}</span>
      </button>
      {!folded && <div className="palette__items">{children}</div>}
    </section>
  );
}

function PaletteSkeleton() {
  return (
    <div className="palette__skeleton" aria-hidden="true">
      {Array.from({ length: 9 }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  );
}
