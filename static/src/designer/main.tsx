import "../styles/tokens.css";

import { createRoot } from "react-dom/client";

import { readBootstrap } from "./bootstrap.ts";
import { Designer } from "./Designer.tsx";
import { prepare, start } from "./start.ts";

const boot = readBootstrap();
const element = document.getElementById("designer");
if (boot && element) {
  prepare(boot);
  createRoot(element).render(<Designer />);
  void start();
}
