/** What is asked of the tokenizer library. Its own types do not compile in programs that check libraries. */
interface Native {
  encode(
    text: string,
    pair: null,
    options: { addSpecialTokens: boolean },
  ): Promise<{ getIds(): number[]; getSpecialTokensMask(): number[] }>;
}

/** Ids that a tokenizer puts before and behind a text. */
export interface Around {
  before: readonly number[];
  after: readonly number[];
}

/**
 * What a tokenizer puts around a text: its post-processor in `tokenizer.json`, which alone decides in
 * transformers 5. Transformers 4 builds the post-processor of some classes (Llama's, Gemma's, Cohere's) anew
 * from `add_bos_token` and `add_eos_token` of tokenizer_config.json; in public checkpoints both say the same.
 */
export async function around(native: Native): Promise<Around> {
  // A text of which the vocabulary has nothing does not show where a text stands.
  for (const probe of ["a", "0", " a", "é"]) {
    const encoding = await native.encode(probe, null, { addSpecialTokens: true });
    const [ids, mask] = [encoding.getIds(), encoding.getSpecialTokensMask()];
    const first = mask.indexOf(0);
    if (first < 0 && ids.length > 0) continue;
    return { before: ids.slice(0, Math.max(0, first)), after: ids.slice(mask.lastIndexOf(0) + 1) };
  }
  return { before: [], after: [] };
}
