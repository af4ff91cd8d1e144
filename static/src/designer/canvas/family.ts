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
