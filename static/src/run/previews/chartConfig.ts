import type { Config } from "vega-embed";

import { tokenColor } from "../theme";

const FONT = "Inter Variable, system-ui, sans-serif";

/** Light to dark in both themes: charts write black on their low cells and white on their high ones. */
const RAMP = ["#dfe5ff", "#3f5bd9"];

/** The tokens as Vega's configuration. */
export function chartConfig(
  within: Element,
  { compact, narrow }: { compact: boolean; narrow: boolean },
): Config {
  const color = (token: string) => tokenColor(within, token);
  const ink = color("--ink");
  const muted = color("--ink-muted");
  const border = color("--border");
  const accent = color("--accent");
  const category = [
    "accent",
    "port-table",
    "port-file",
    "port-model",
    "status-completed",
    "status-queued",
  ].map((name) => color(`--${name}`));
  return {
    background: "transparent",
    font: FONT,
    view: { stroke: null },
    title: {
      color: ink,
      subtitleColor: muted,
      font: FONT,
      subtitleFont: FONT,
      fontSize: 13,
      subtitleFontSize: 12,
      fontWeight: 600,
      anchor: "start",
      offset: 12,
    },
    axis: {
      labelColor: muted,
      titleColor: muted,
      labelFont: FONT,
      titleFont: FONT,
      labelFontSize: 11,
      titleFontSize: 11,
      titleFontWeight: 500,
      titlePadding: 8,
      domainColor: border,
      tickColor: border,
      gridColor: border,
      gridOpacity: 0.7,
      labelOverlap: true,
    },
    legend: {
      disable: compact,
      ...(narrow ? { orient: "bottom", columns: 3 } : {}),
      labelColor: muted,
      titleColor: muted,
      labelFont: FONT,
      titleFont: FONT,
      labelFontSize: 11,
      titleFontSize: 11,
      titleFontWeight: 500,
    },
    header: { labelColor: ink, titleColor: muted, labelFont: FONT, titleFont: FONT, labelFontSize: 11 },
    mark: { color: accent },
    text: { color: ink, font: FONT, fontSize: 12 },
    rule: { color: muted },
    bar: { cornerRadiusEnd: 2 },
    line: { strokeWidth: 2 },
    point: { filled: true, size: 36 },
    range: {
      category,
      ordinal: RAMP,
      ramp: RAMP,
      heatmap: RAMP,
      diverging: [color("--status-warning"), "#eef0f3", "#3f5bd9"],
    },
  };
}
