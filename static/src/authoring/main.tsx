import "../styles/tokens.css";
import "./authoring.css";

import { createRoot } from "react-dom/client";

import { Authoring } from "./Authoring.tsx";
import type { Boot } from "./types.ts";

const boot = document.getElementById("bootstrap");
const element = document.getElementById("authoring");
if (boot && element) createRoot(element).render(<Authoring boot={JSON.parse(boot.textContent) as Boot} />);
