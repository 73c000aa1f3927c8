import type { Answer, Item } from "../../src/eval/benchmark.ts";
import { packagePath } from "../../src/package-root.ts";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";

export const common = { isShortened: false, inputHash: "h" };
export const answer: Answer = { scores: [], promptTail: "", target: "", prediction: "", tokens: 1 };
const tokenizer = await loadTokenizer(packagePath("checkpoints", "zebra-nano-tokenizer"));

/** An item that asks for a continuation of a prompt. */
export function prompted(id: string, prompt: Int32Array, maxNewTokens = 4): Item {
  const judge = async (prediction: string) => ({ ...answer, prediction });
  return { ...common, id, prompt, maxNewTokens, tokenizer, judge };
}
