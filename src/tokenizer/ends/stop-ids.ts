import type { Tokenizer } from "../tokenizer.ts";
import { answerEnds } from "./answer-ends.ts";

/**
 * Every id after which generation is over, the one set of `zebra generate`, `zebra eval` and of what training
 * writes: `modelEnds` (those of the model's generation_config.json and config.json), the tokenizer's EOS, and
 * the tokens that end an answer in training.
 */
export async function stopIdsOf(modelEnds: readonly number[], tokenizer: Tokenizer): Promise<number[]> {
  return [...new Set([...modelEnds, ...[tokenizer.eosId ?? []].flat(), ...(await answerEnds(tokenizer))])];
}
