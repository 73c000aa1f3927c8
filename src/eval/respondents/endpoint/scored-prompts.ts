import type { LoglikelihoodRequest } from "../../../harness/respondent.ts";
import { rollingWindows } from "../../../harness/rolling-windows.ts";
import { stripBlanks } from "../../../jinja/functions/string-methods.ts";
import type { Scored } from "./score-echo.ts";
import type { TextCoder } from "./text-coder.ts";

export interface ScoredPrompt {
  scored: Scored;
  /** Tokens taken from the beginning. */
  cut: number;
}

/**
 * Of the model's length one token is left for what is generated, as the harness does with endpoints, and one
 * is the context that `pair` and `rollingWindows` count beside the length.
 */
const besides = 2;

/**
 * What is sent for a continuation, as lm-evaluation-harness divides it from its context. Throws DataError for
 * one of no token, or of too many.
 */
export async function continuationPrompt(
  { context, continuation }: LoglikelihoodRequest,
  coder: TextCoder | undefined,
  { prefix = "", maxLength }: { prefix?: string | undefined; maxLength: number },
): Promise<ScoredPrompt> {
  if (coder) {
    const { ids, from, cut } = await coder.encoder.pair(context, continuation, maxLength - besides);
    return { scored: { ids: Array.from(ids), from }, cut };
  }
  // Blanks at the context's end go with the continuation, whose first token has them.
  const before = stripBlanks(context, "end");
  const text = (before === "" ? prefix : "") + context + continuation;
  return { scored: { text, from: Buffer.byteLength(before === "" ? prefix : before) }, cut: 0 };
}

/** What is sent for a whole text: the harness's windows; without a tokenizer the text as it is. */
export async function rollingPrompts(
  text: string,
  coder: TextCoder | undefined,
  { prefix = "", maxLength }: { prefix?: string | undefined; maxLength: number },
): Promise<Scored[]> {
  if (text === "") return [];
  if (!coder) return [{ text: prefix + text, from: Buffer.byteLength(prefix) }];
  const ids = Array.from(await coder.encoder.encode(text));
  return rollingWindows(ids, coder.encoder.prefix, maxLength - besides).map(({ context, scored }) => ({
    ids: [...context, ...scored],
    from: context.length,
  }));
}
