import type { Reason } from "../../reason.ts";

/** Kinds of files that are no text themselves. */
export type ConvertedKind = "html" | "pdf";

/** The text of a file, or why there is none. */
export type Converted = { text: string; title?: string; changed?: Reason } | { dropped: Reason };

export interface ConvertRequest {
  kind: ConvertedKind;
  bytes: Uint8Array;
}
