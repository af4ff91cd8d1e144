import type { Artifact, PreviewKind } from "./types";

/** The most telling first: what people look at before anything else when a step is done. */
const ORDER: PreviewKind[] = [
  "chart",
  "metrics",
  "image",
  "html",
  "images",
  "table",
  "model",
  "text",
  "json",
  "folder",
  "file",
];

const rank = (artifact: Artifact) => {
  const at = ORDER.indexOf(artifact.kind);
  return at < 0 ? ORDER.length : at;
};

/** A step's outputs as its panel shows them; those of one kind keep the component's order. */
export function orderOutputs(outputs: Record<string, Artifact>): Artifact[] {
  return Object.values(outputs).sort((a, b) => rank(a) - rank(b));
}

export const mostTelling = (outputs: Record<string, Artifact>): Artifact | undefined =>
  orderOutputs(outputs)[0];

const KINDS: Record<PreviewKind, [word: string, icon: string]> = {
  chart: ["Chart", "chart-line"],
  metrics: ["Metrics", "gauge"],
  image: ["Image", "image"],
  images: ["Images", "images"],
  html: ["Page", "globe"],
  table: ["Table", "table"],
  model: ["Model", "brain"],
  text: ["Text", "file-text"],
  json: ["JSON", "braces"],
  folder: ["Folder", "folder"],
  file: ["File", "file"],
};

export function kindLook(kind: string): { word: string; icon: string } {
  const [word, icon] = (KINDS as Record<string, [string, string] | undefined>)[kind] ?? KINDS.file;
  return { word, icon };
}

const TYPES: Record<string, string> = {
  uri_file: "file",
  uri_folder: "folder",
  mltable: "table",
  mlflow_model: "MLflow model",
  custom_model: "model",
  triton_model: "Triton model",
};

export const typeWord = (type: string) => TYPES[type] ?? type;
