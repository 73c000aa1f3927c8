import { defineDocumentFormat } from "../format.ts";

/** PDF: the text of each file is a document, as paragraphs. Scans have none and are dropped. */
export const pdf = defineDocumentFormat({
  endings: [".pdf"],
  convert: "pdf",
  options: {},
  parts: (text) => [{ name: "", text, meta: {} }],
});
