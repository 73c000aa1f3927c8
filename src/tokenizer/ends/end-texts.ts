import type { Tokenizer } from "../tokenizer.ts";
import { answerEnds } from "./answer-ends.ts";

/** End tokens of common models: as text in an answer they were left there by another template. */
const common = [
  "</s>",
  "<eos>",
  "<|endoftext|>",
  "<|end_of_text|>",
  "<|im_end|>",
  "<|eot_id|>",
  "<|eom_id|>",
  "<|end|>",
  "<|eot|>",
  "<|return|>",
  "<|end_of_turn|>",
  "<end_of_turn>",
  "<｜end▁of▁sentence｜>",
];

/**
 * Gives the end token whose text an answer ends with; undefined for none. Such text stays text: the model
 * learns to write its characters, and the real end token after them.
 */
export async function endTextFinder(tokenizer: Tokenizer): Promise<(answer: string) => string | undefined> {
  const own = (await answerEnds(tokenizer)).map((id) => tokenizer.idToToken(id) ?? "");
  const names = [...new Set([...own, tokenizer.eosToken ?? "", ...common])].filter((name) => name !== "");
  return (answer) => {
    const end = answer.trimEnd();
    return names.find((name) => end.endsWith(name));
  };
}
