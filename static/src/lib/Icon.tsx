import names from "../../icons.json";

const known = new Set(names);

/** An icon of the sprite, decorative: what it stands for is said beside it. Unknown names fall back to a box. */
export function Icon({ name, size = 16 }: { name: string; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} aria-hidden="true" focusable="false">
      <use href={`/static/icons.svg#${known.has(name) ? name : "box"}`} />
    </svg>
  );
}
