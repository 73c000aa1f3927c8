import { defineDocumentFormat } from "../format.ts";

/** Plain text: each file is a document. */
export const text = defineDocumentFormat({
  endings: [".txt", ".text"],
  options: {},
  parts: (whole) => [{ name: "", text: whole, meta: {} }],
});
