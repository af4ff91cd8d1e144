import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { iconSprite } from "./icon-sprite.ts";

export default defineConfig({
  base: "/static/",
  plugins: [react(), iconSprite()],
  build: {
    outDir: "dist",
    manifest: true,
    sourcemap: false,
    target: "es2022",
    rollupOptions: {
      // One for the canvas, one for the editor of components, one for all the other pages.
      // htmx holds an eval for attributes that we do not use; `allowEval` is off in base.html, and the CSP forbids it.
      checks: { eval: false },
      input: {
        designer: "src/designer/main.tsx",
        authoring: "src/authoring/main.tsx",
        pages: "src/pages/main.ts",
      },
    },
  },
  server: { port: 5173, strictPort: true, origin: "http://localhost:5173" },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    // Pictures take their colours from it.
    css: { include: [/tokens\.css/] },
  },
});
