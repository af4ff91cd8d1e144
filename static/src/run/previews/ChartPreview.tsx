import "./chart-preview.css";

import { useEffect, useRef, useState } from "react";

import { Icon } from "../Icon";
import { Failed, Note, Skeleton } from "../parts";
import type { PreviewProps } from "../PreviewCard";
import { useTheme } from "../theme";
import type { ChartPreview } from "../types";
import { type DrawnChart, drawChart } from "./vega";

/** A Vega-Lite chart in the page's own colours, as wide as its place. */
export default function ChartPreviewBody({ preview, artifact, compact }: PreviewProps<ChartPreview>) {
  const host = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  const [width, setWidth] = useState(0);
  const [tries, setTries] = useState(0);
  const [chart, setChart] = useState<DrawnChart | null>(null);
  const [problem, setProblem] = useState("");
  const { spec } = preview;
  const usable = spec instanceof Object && Object.keys(spec).length > 0;

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    // Drawing again at every pixel of a dragged border would be slow: once it rests is enough.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(() => setWidth(element.clientWidth), 60);
    });
    observer.observe(element);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [usable]);

  useEffect(() => {
    const element = host.current;
    if (!element || !usable || width === 0) return;
    let gone = false;
    let drawn: DrawnChart | undefined;
    drawChart(element, spec, { width, compact, theme }).then(
      (result) => {
        drawn = result;
        if (gone) result.end();
        else {
          setChart(result);
          setProblem("");
        }
      },
      (error: unknown) => {
        if (!gone) setProblem(error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      gone = true;
      drawn?.end();
      setChart(null);
    };
  }, [spec, usable, width, compact, theme, tries]);

  if (!usable) return <Note icon="chart-line" title="The chart is empty" />;
  return (
    <div className="chart-preview" data-compact={compact || undefined}>
      {problem !== "" && (
        <Failed
          title="The chart could not be drawn"
          message={problem}
          retry={() => {
            setProblem("");
            setTries(tries + 1);
          }}
        />
      )}
      {chart === null && problem === "" && <Skeleton lines={compact ? 3 : 6} label="Drawing the chart" />}
      <div className="chart-scroll">
        <div ref={host} className="chart-host" hidden={problem !== ""} />
      </div>
      {!compact && chart && <SaveMenu chart={chart} name={artifact.output} />}
    </div>
  );
}

function SaveMenu({ chart, name }: { chart: DrawnChart; name: string }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const save = (format: "png" | "svg") => {
    if (menu.current) menu.current.open = false;
    void chart.picture(format).then((url) => {
      const link = document.createElement("a");
      link.href = url;
      link.download = `${name}.${format}`;
      link.click();
      if (url.startsWith("blob:")) setTimeout(() => URL.revokeObjectURL(url), 1000);
    });
  };
  const onBlur = (event: React.FocusEvent<HTMLDetailsElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) event.currentTarget.open = false;
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLDetailsElement>) => {
    if (event.key !== "Escape" || !event.currentTarget.open) return;
    event.stopPropagation();
    event.currentTarget.open = false;
    event.currentTarget.querySelector("summary")?.focus();
  };
  return (
    <details className="chart-menu" ref={menu} onBlur={onBlur} onKeyDown={onKeyDown}>
      <summary
        className="run-button plain"
        aria-label="Save the chart as a picture"
        title="Save as a picture"
      >
        <Icon name="image-down" />
      </summary>
      <div>
        <button type="button" onClick={() => save("png")}>
          Save as PNG
        </button>
        <button type="button" onClick={() => save("svg")}>
          Save as SVG
        </button>
      </div>
    </details>
  );
}
