/** Families of port types: shape and hue. The hue is a hint; shape and name decide. */

export type Family = "table" | "file" | "folder" | "model" | "scalar";

const FAMILIES: Readonly<Record<string, Family>> = {
  mltable: "table",
  uri_file: "file",
  uri_folder: "folder",
  mlflow_model: "model",
  custom_model: "model",
  triton_model: "model",
};

export const familyOf = (type: string): Family => FAMILIES[type] ?? "scalar";
export const hue = (family: Family): string => `var(--port-${family})`;

/** One of six hues for a category, always the same one. */
export function categoryHue(category: string): string {
  let hash = 0;
  for (const letter of category) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return `var(--category-${(hash % 6) + 1})`;
}
