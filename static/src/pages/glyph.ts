/** A state's shape and word. The page carries each as a template, drawn by the server (`partials/_glyphs.html`). */
export function glyph(status: string): DocumentFragment | null {
  const template = document.querySelector<HTMLTemplateElement>(
    `template[data-glyph="${CSS.escape(status)}"]`,
  );
  return template && (template.content.cloneNode(true) as DocumentFragment);
}
