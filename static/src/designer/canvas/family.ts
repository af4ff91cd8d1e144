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

/** Outlines in a 10 px box. */
export const SHAPES: Readonly<Record<Family, string>> = {
  table: "M1 1h8v8H1z",
  file: "M1 1h5l3 3v5H1z",
  folder: "M1 2.5h3l1.2 1.5H9v5H1z",
  model: "M5 .3 9.7 5 5 9.7.3 5z",
  scalar: "M5 .8a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4z",
};
