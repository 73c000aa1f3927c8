import type { Tokenizer } from "../../tokenizer/tokenizer.ts";

export interface CutText {
  text: string;
  /** Of the whole text, and how many of them were cut. */
  tokens: number;
  tokensCut: number;
}

/**
 * LongBench's rule for a prompt of more than `most` tokens: of the tokens of the whole prompt, whatever they
 * are of, the first half and the last half are kept and made texts without special tokens, which are put
 * together. `v1` decodes each half by itself, and of an odd number keeps one token less; `v2` decodes both
 * together, and of an odd number keeps one more of the end.
 */
export async function cutMiddle(
  tokenizer: Tokenizer,
  text: string,
  most: number,
  version: "v1" | "v2",
): Promise<CutText> {
  const [ids] = await tokenizer.encodeWithSpecials([text], true);
  const tokens = ids!.length;
  if (tokens <= most) return { text, tokens, tokensCut: 0 };
  const decode = (some: ArrayLike<number>) => tokenizer.decode(some, { skipSpecial: true });
  const half = Math.floor(most / 2);
  const end = version === "v1" ? half : most - half;
  const first = ids!.subarray(0, half);
  const last = ids!.subarray(tokens - end);
  const kept =
    version === "v1" ? (await decode(first)) + (await decode(last)) : await decode([...first, ...last]);
  return { text: kept, tokens, tokensCut: tokens - half - end };
}
