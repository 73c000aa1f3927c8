import type { DocumentFormat } from "../format.ts";

/** Plain text: each file is a document. */
export const text: DocumentFormat = {
  kind: "documents",
  endings: [".txt", ".text"],
  parts: (whole) => [{ name: "", text: whole, meta: {} }],
};
