import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { Plugin } from "vite";

const require = createRequire(import.meta.url);

/** One SVG file with every icon of `icons.json`, for the canvas and for Django's templates alike: `<use href="/static/icons.svg#table">`. */
export function iconSprite(): Plugin {
  const sprite = () => {
    const names = JSON.parse(readFileSync(new URL("./icons.json", import.meta.url), "utf8")) as string[];
    const symbols = names.map((name) => {
      const svg = readFileSync(require.resolve(`lucide-static/icons/${name}.svg`), "utf8");
      const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
      const shape = body.replace(/\s+/g, " ").trim();
      return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${shape}</symbol>`;
    });
    return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
  };
  return {
    name: "icon-sprite",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "icons.svg", source: sprite() });
    },
    configureServer(server) {
      server.middlewares.use("/static/icons.svg", (_request, response) => {
        response.setHeader("Content-Type", "image/svg+xml");
        response.end(sprite());
      });
    },
  };
}
