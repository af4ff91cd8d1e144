import { loader, type Spec } from "vega";
import embed from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";

import { chartConfig } from "./chartConfig";
import { fitSpec } from "./chartSpec";

export interface DrawnChart {
  /** A URL of the chart as a picture: data for PNG, blob for SVG. */
  picture: (format: "png" | "svg") => Promise<string>;
  end: () => void;
}

interface Options {
  width: number;
  compact: boolean;
  /** Only to say that colours have to be read again. */
  theme: "light" | "dark";
}

/** Below this a legend beside the plot leaves too little for the plot. */
const NARROW = 480;

const REFUSED =
  "This chart asks for data from elsewhere, which is not loaded. Put the data into the chart itself.";

/** A chart comes from a step's code: it may draw, but neither fetch anything nor link anywhere. */
function closedLoader(onRefused: () => void) {
  const refuse = () => {
    onRefused();
    return Promise.reject(new Error(REFUSED));
  };
  return { ...loader(), load: refuse, sanitize: refuse, http: refuse, file: refuse };
}

export async function drawChart(
  host: HTMLElement,
  spec: Record<string, unknown>,
  { width, compact }: Options,
): Promise<DrawnChart> {
  const asked = { outside: false };
  const inner = document.createElement("div");
  const { view, finalize } = await embed(inner, fitSpec(spec, width, compact), {
    // Expressions are interpreted, so that the page needs no `unsafe-eval`.
    ast: true,
    expr: expressionInterpreter,
    actions: false,
    renderer: "canvas",
    loader: closedLoader(() => (asked.outside = true)),
    config: chartConfig(host, { compact, narrow: width < NARROW }),
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true, id: "chart-tooltip" },
    patch: (compiled: Spec) => ({ ...compiled, background: "transparent" }),
    logLevel: 0,
  });
  if (asked.outside) {
    // Vega only logs it and draws an empty chart.
    finalize();
    throw new Error(REFUSED);
  }
  host.replaceChildren(inner);
  return {
    picture: async (format) =>
      format === "png"
        ? view.toImageURL("png", 2)
        : URL.createObjectURL(new Blob([await view.toSVG()], { type: "image/svg+xml" })),
    end: () => {
      finalize();
      inner.remove();
    },
  };
}
