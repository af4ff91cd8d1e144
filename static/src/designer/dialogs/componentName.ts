/** A title as the name of a component: small letters, digits and _; `otherwise` where nothing is left of it. */
export const componentName = (title: string, otherwise: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .replace(/^(?=[0-9])/, "_") || otherwise;
