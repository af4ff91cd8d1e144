type Spec = Record<string, unknown>;

const COMPOSED = ["hconcat", "vconcat", "concat", "facet", "repeat", "spec"];
const PADDING = 8;

/** A step's spec made to fit its place: as wide as the panel where it has one plot, and without settings that are the page's to make. */
export function fitSpec(spec: Spec, width: number, compact: boolean): Spec {
  // `usermeta.embedOptions` would change how the page embeds it; `background` would be another theme's.
  const rest = { ...spec };
  delete rest["usermeta"];
  delete rest["background"];
  const encoding = (rest["encoding"] ?? {}) as Record<string, unknown>;
  const composed = COMPOSED.some((name) => name in rest) || "row" in encoding || "column" in encoding;
  const isVega = typeof rest["$schema"] === "string" && /\/vega\//.test(rest["$schema"]);
  if (composed || isVega) return { ...rest, padding: PADDING };
  const stepped = typeof rest["width"] === "object" && rest["width"] !== null;
  return {
    ...rest,
    padding: PADDING,
    ...(stepped ? {} : { width: Math.max(120, width - 2 * PADDING) }),
    height: compact ? 120 : (rest["height"] ?? Math.min(320, Math.max(180, Math.round(width * 0.62)))),
    autosize: { type: stepped ? "pad" : "fit-x", contains: "padding" },
  };
}
