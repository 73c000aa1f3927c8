import type { Turn } from "../../../harness/respondent.ts";
import { loadTokenizer } from "../../../tokenizer/tokenizer.ts";
import { hashTokenizer } from "../../model-hash.ts";
import { chatRenderer } from "../chat-text.ts";
import { type RequestEncoder, requestEncoder } from "../encoding.ts";

/**
 * The tokenizer of a model behind an endpoint, as a model here would use it for task files. With one, prompts
 * go as token ids, so that cutting, windows and continuations are those of the harness.
 */
export interface TextCoder {
  /** Same for two only if they make the same ids. */
  identity: string;
  encoder: RequestEncoder;
  renderChat(turns: readonly Turn[], isOpen: boolean): string;
}

/** Loads the tokenizer of a folder. Throws CheckpointError and DataError for one that cannot be used. */
export async function textCoder(dir: string, note: (message: string) => void): Promise<TextCoder> {
  const tokenizer = await loadTokenizer(dir);
  return {
    identity: await hashTokenizer(dir),
    encoder: await requestEncoder(tokenizer),
    renderChat: await chatRenderer(tokenizer, note),
  };
}
