import type { LoglikelihoodRequest } from "../../../harness/respondent.ts";
import { stripBlanks } from "../../../jinja/functions/string-methods.ts";
import type { Scored } from "./score-echo.ts";
import type { TextCoder } from "./text-coder.ts";

export interface ScoredPrompt {
  scored: Scored;
  /** Tokens taken from the beginning. */
  cut: number;
}

/** What is sent for a continuation, as lm-evaluation-harness divides it from its context. */
export async function continuationPrompt(
  { context, continuation }: LoglikelihoodRequest,
  coder: TextCoder | undefined,
  { prefix = "", maxLength }: { prefix?: string | undefined; maxLength: number },
): Promise<ScoredPrompt> {
  // Blanks at the context's end go with the continuation, whose first token has them.
  const before = stripBlanks(context, "end");
  const text = context + continuation;
  if (!coder) {
    const given = before === "" ? prefix + text : text;
    return { scored: { text: given, from: Buffer.byteLength(before === "" ? prefix : before) }, cut: 0 };
  }
  const ids = Array.from(await coder.encode(text));
  let from = before === "" ? 0 : (await coder.encode(before)).length;
  if (from === 0) {
    if (ids[0] !== coder.prefix) ids.unshift(coder.prefix);
    from = 1;
  }
  // Of the model's length one is left for the token that is generated, as the harness does with endpoints.
  const cut = Math.max(0, ids.length - (maxLength - 1));
  return { scored: { ids: ids.slice(cut), from: Math.max(0, from - cut) }, cut };
}

/**
 * What is sent for a whole text: windows that share no scored token, each with the token before it, the last
 * reaching back to full length; without a tokenizer the text as it is.
 */
export async function rollingPrompts(
  text: string,
  coder: TextCoder | undefined,
  { prefix = "", maxLength }: { prefix?: string | undefined; maxLength: number },
): Promise<Scored[]> {
  if (text === "") return [];
  if (!coder) return [{ text: prefix + text, from: Buffer.byteLength(prefix) }];
  const ids = [coder.prefix, ...Array.from(await coder.encode(text))];
  // With one token of context, and one left for what is generated.
  const most = maxLength - 2;
  const windows: Scored[] = [];
  for (let done = 1; done < ids.length; ) {
    const end = Math.min(ids.length, done + most);
    const start = windows.length === 0 ? 0 : end - most - 1;
    windows.push({ ids: ids.slice(start, end), from: done - start });
    done = end;
  }
  return windows;
}
