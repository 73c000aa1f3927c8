import type { Example } from "../../contracts/example.ts";
import type { MixSpec } from "../../contracts/recipe.ts";
import { charCount } from "../../datasets/folder/counts.ts";
import { trainedTexts } from "./answers.ts";
import { shortenContext } from "./over-length.ts";

/**
 * No text has more characters a token than this on average, so a text with more is too long without being
 * tokenized.
 */
const mostCharsPerToken = 64;

/** An example that is to be tokenized; null where it is too long. */
export interface WithinReach {
  example: Example | null;
  /** The size that was found, where the example was shortened or is too long. */
  detail: string | null;
}

/**
 * Whether what is too long becomes several sequences: plain text that may be, and plain text that should be
 * shortened, as nothing of it is a prompt.
 */
export function isSplit({ render, over_length }: Pick<MixSpec, "render" | "over_length">): boolean {
  return render === "text" && (over_length === "split" || over_length === "shorten_context");
}

/**
 * Keeps texts that are far too long from the tokenizer, which takes 200 bytes of memory a character; a row
 * may have 64 MB. With `shorten_context` the context of a chat is shortened; what is split may be any text.
 */
export function withinReach(example: Example, spec: MixSpec): WithinReach {
  const limit = mostCharsPerToken * spec.max_seq_tokens;
  if (isSplit(spec)) return { example, detail: null };
  const chars =
    spec.render === "text"
      ? trainedTexts(example).reduce((n, text) => n + text.length, 0)
      : charCount(example);
  if (chars <= limit) return { example, detail: null };
  const detail = `${chars} characters, at most ${spec.max_seq_tokens} tokens`;
  const canShorten = spec.render === "chat" && spec.over_length === "shorten_context";
  return { example: canShorten ? shortenContext(example, chars - limit) : null, detail };
}
