import { defineDocumentFormat } from "../format.ts";

/** Web pages: the text of each is a document, without menus, forms and what is hidden. */
export const html = defineDocumentFormat({
  endings: [".html", ".htm", ".xhtml"],
  convert: "html",
  options: {},
  parts: (text) => [{ name: "", text, meta: {} }],
});
