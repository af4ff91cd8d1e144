/** The picture of what is on the canvas as a file of its own. */

import interUrl from "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url";
import monoUrl from "@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2?url";

import { app } from "../app.ts";
import { graphStore } from "../groups/graphs.ts";
import { currentTheme } from "../../run/theme.ts";
import { foldedOf } from "../sections/actions.ts";
import { docStore } from "../state/doc.ts";
import { announce, notify, uiStore } from "../state/ui.ts";
import type { Theme } from "./colours.ts";
import type { TextLook, Tools } from "./pen.ts";
import type { Picture } from "./picture.ts";
import { drawPicture } from "./picture.ts";

export type PictureFormat = "svg" | "png";

/** Browsers refuse canvases that are larger on a side. */
const LARGEST = 16_384;
const MOST_PIXELS = 200_000_000;

export async function downloadPicture(format: PictureFormat, theme: Theme = currentTheme()): Promise<void> {
  try {
    const { document: graph } = docStore.getState();
    const { expanded, folded } = uiStore.getState();
    const title = graph.name || "Pipeline";
    const [icon] = await Promise.all([icons(), document.fonts.load("600 13px 'Inter Variable'")]);
    const tools: Tools = { theme, icon, measure: measurer() };
    const { graphs } = graphStore.getState();
    const picture = drawPicture(
      { document: graph, catalog: app().catalog, graphs, expanded, folded: foldedOf(folded), title },
      tools,
    );
    const file = format === "svg" ? new Blob([picture.svg], { type: "image/svg+xml" }) : await png(picture);
    save(file, `${title.replace(/[\\/:*?"<>|\s]+/g, "-") || "pipeline"}.${format}`);
    announce(`Downloaded the picture of ${title}.`);
  } catch (error) {
    notify(`The picture could not be made. ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The icons' shapes, out of the one file that holds them all. */
async function icons(): Promise<Tools["icon"]> {
  const answer = await fetched("/static/icons.svg");
  const sprite = new DOMParser().parseFromString(await answer.text(), "image/svg+xml");
  return (name) => (sprite.getElementById(name) ?? sprite.getElementById("box"))?.innerHTML ?? "";
}

function measurer(): Tools["measure"] {
  const pen = document.createElement("canvas").getContext("2d")!;
  const known = new Map<string, number>();
  return (text: string, { size, weight, mono }: TextLook) => {
    const font = `${weight} ${size}px ${mono ? "'JetBrains Mono Variable', monospace" : "'Inter Variable', system-ui, sans-serif"}`;
    const key = `${font} ${text}`;
    let width = known.get(key);
    if (width === undefined) {
      pen.font = font;
      known.set(key, (width = pen.measureText(text).width));
    }
    return width;
  };
}

/** Drawn at twice its size, or as large as browsers can. */
async function png({ svg, width, height }: Picture): Promise<Blob> {
  const scale = Math.min(2, LARGEST / width, LARGEST / height, Math.sqrt(MOST_PIXELS / (width * height)));
  const image = new Image();
  // An SVG within an image sees none of the page's fonts: it brings them along.
  const faces = await Promise.all([face("Inter", interUrl), face("JetBrains Mono", monoUrl)]);
  const address = URL.createObjectURL(
    new Blob([svg.replace("<defs>", `<defs><style>${faces.join("")}</style>`)], { type: "image/svg+xml" }),
  );
  try {
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    if (!blob) throw new Error("It is too large for this browser: export it as SVG.");
    return blob;
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function face(family: string, url: string): Promise<string> {
  const bytes = new Uint8Array(await (await fetched(url)).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `@font-face{font-family:"${family}";font-weight:100 900;src:url(data:font/woff2;base64,${btoa(text)}) format("woff2")}`;
}

async function fetched(url: string): Promise<Response> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`The server does not give ${url}: ${answer.status}.`);
  return answer;
}

function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
