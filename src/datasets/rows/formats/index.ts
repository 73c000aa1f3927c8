import type { DocumentFormat, RowFormat } from "../format.ts";
import { alpaca } from "./alpaca.ts";
import { html } from "./html.ts";
import { markdown } from "./markdown.ts";
import { messages } from "./messages.ts";
import { pdf } from "./pdf.ts";
import { promptCompletion } from "./prompt-completion.ts";
import { sharegpt } from "./sharegpt.ts";
import { text } from "./text.ts";

/**
 * Forms of files that a recipe may name under `format`. Without it, a row is read by the first that it looks
 * like: a conversation says more than its first question and last answer.
 */
export const formatCatalog = {
  messages,
  sharegpt,
  "prompt-completion": promptCompletion,
  alpaca,
  markdown,
  text,
  html,
  pdf,
} as const satisfies Record<string, RowFormat | DocumentFormat>;

export type FormatName = keyof typeof formatCatalog;
