import type { Turn } from "../../../harness/respondent.ts";

/**
 * The tokenizer of a model behind an endpoint, as a model here would use it for task files. With one, prompts
 * go as token ids, so that cutting, windows and continuations are those of the harness.
 */
export interface TextCoder {
  /** Same for two only if they make the same ids. */
  identity: string;
  /** Special tokens in the text are special, and none are added. */
  encode(text: string): Promise<ArrayLike<number>>;
  /** The id before a prompt without context: BOS, or EOS where there is none. */
  prefix: number;
  renderChat(turns: readonly Turn[], isOpen: boolean): string;
}
