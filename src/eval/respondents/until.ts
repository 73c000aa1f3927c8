import type { Tokenizer } from "../../tokenizer/tokenizer.ts";

/**
 * The text before the first of each stop: cut at one after the other, in their order, as
 * lm-evaluation-harness does. An empty stop cuts nothing.
 */
export function cutAt(text: string, until: readonly string[]): string {
  for (const stop of until) if (stop !== "") text = text.split(stop, 1)[0]!;
  return text;
}

/** A character takes four tokens at most: a byte each. */
const tokensPerCharacter = 4;

/**
 * Says after each new id whether one of the stops stands in the answer so far. The end of the answer alone is
 * decoded, as far back as a stop can reach, so that long answers cost no more by the token than short ones.
 * An empty stop stands in every answer, as upstream: it is one token long.
 */
export function stopWatch(
  tokenizer: Pick<Tokenizer, "decode">,
  until: readonly string[],
): (id: number) => Promise<boolean> {
  if (until.includes("")) return async () => true;
  const reach = 16 + tokensPerCharacter * until.reduce((longest, { length }) => Math.max(longest, length), 0);
  const ids: number[] = [];
  const hasStop = async (some: readonly number[]): Promise<boolean> => {
    const text = await tokenizer.decode(some, { skipSpecial: true });
    return until.some((stop) => text.includes(stop));
  };
  return async (id) => {
    ids.push(id);
    if (until.length === 0 || !(await hasStop(ids.slice(-reach)))) return false;
    // What the end seems to say, the whole may not: some decoders take the blank that a text begins with.
    return ids.length <= reach || (await hasStop(ids));
  };
}
