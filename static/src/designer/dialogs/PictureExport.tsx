import { useState } from "react";

import { currentTheme } from "../../run/theme.ts";
import { Icon } from "../../lib/Icon.tsx";
import type { Theme } from "../picture/colours.ts";
import type { PictureFormat } from "../picture/download.ts";

/** The canvas as a picture, in either theme's colours. */
export function PictureExport() {
  const [theme, setTheme] = useState<Theme>(currentTheme);
  const [busy, setBusy] = useState(false);
  const download = async (format: PictureFormat) => {
    setBusy(true);
    const { downloadPicture } = await import("../picture/download.ts");
    await downloadPicture(format, theme);
    setBusy(false);
  };
  return (
    <section className="export" data-testid="export-picture" aria-label="Picture" aria-busy={busy}>
      <div className="export__head">
        <h3>Picture</h3>
        <span className="export__choices">
          <select
            className="text-input"
            aria-label="Colours"
            value={theme}
            onChange={(event) => setTheme(event.target.value as Theme)}
          >
            <option value="light">Light</option>
            <option value="dark">Dark</option>
          </select>
          {(["svg", "png"] as const).map((format) => (
            <button
              key={format}
              type="button"
              className="btn"
              disabled={busy}
              onClick={() => void download(format)}
            >
              <Icon name="image-down" size={14} />
              {format.toUpperCase()}
            </button>
          ))}
        </span>
      </div>
      <p className="param__help">
        The whole canvas, with groups open or folded as you see them. A PNG has twice the size in pixels.
      </p>
    </section>
  );
}
