import { DataError } from "../../errors.ts";
import { renderPrompt } from "../../tokenizer/chat/chat.ts";
import type { Tokenizer } from "../../tokenizer/tokenizer.ts";
import { cutMiddle } from "./cut-middle.ts";

export interface PromptRule {
  tokenizer: Tokenizer;
  version: "v1" | "v2";
  /** As a user's message by the checkpoint's chat template, else the text alone. */
  isChat: boolean;
  /** Tokens of a prompt before the chat template, as the recipe says; else as many as there is room for. */
  maxLength?: number | undefined;
  maxSeqTokens: number;
  maxNewTokens: number;
}

export interface CutPrompt {
  ids: Int32Array;
  /** Of the prompt before the chat template. */
  tokensCut: number;
}

/**
 * A prompt cut in its middle by LongBench's rule and encoded again. Where the recipe does not say
 * `max_length`, it is what leaves room for the chat template and the answer within `eval.max_seq_tokens`;
 * texts may have some tokens more when they are encoded again, and are then cut so much shorter. Throws
 * DataError for a prompt that does not fit.
 */
export async function cutPrompt(id: string, text: string, rule: PromptRule): Promise<CutPrompt> {
  const { tokenizer, version, isChat, maxLength, maxSeqTokens, maxNewTokens } = rule;
  const encode = async (kept: string): Promise<Int32Array> =>
    isChat
      ? await renderPrompt(tokenizer, [{ role: "user", content: kept }])
      : (await tokenizer.encodeWithSpecials([kept], true))[0]!;
  const room = maxSeqTokens - maxNewTokens;
  let most = maxLength ?? room - (isChat ? (await encode("")).length : 0);
  for (let tries = 8; ; tries--) {
    if (most < 2 || tries === 0) break;
    const kept = await cutMiddle(tokenizer, text, most, version);
    const ids = await encode(kept.text);
    if (ids.length <= room) return { ids, tokensCut: kept.tokensCut };
    if (maxLength !== undefined) break;
    most = Math.min(most, kept.tokens) - (ids.length - room);
  }
  const hint =
    maxLength === undefined ? "Raise eval.max_seq_tokens" : "Raise eval.max_seq_tokens or lower max_length";
  throw new DataError(
    `${id}: expected a prompt that fits into ${room} tokens beside an answer of ${maxNewTokens}, got a longer ` +
      `one. ${hint}`,
  );
}
