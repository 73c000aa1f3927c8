import type { DocumentFormat, RowFormat } from "../format.ts";
import { alpaca } from "./alpaca.ts";
import { markdown } from "./markdown.ts";
import { messages } from "./messages.ts";
import { sharegpt } from "./sharegpt.ts";
import { text } from "./text.ts";

/** Forms of local files that a recipe may name under `format`. */
export const formatCatalog = {
  alpaca,
  markdown,
  messages,
  sharegpt,
  text,
} as const satisfies Record<string, RowFormat | DocumentFormat>;

export type FormatName = keyof typeof formatCatalog;
