import { formatCount } from "../../format.ts";
import { fraction } from "../choice.ts";

/** How long examples are to be. */
export interface Sizes {
  /** Least and most, as the recipe says; null: what documents and mix allow. */
  wanted: readonly [least: number, most: number] | null;
  charsPerToken: number;
  /** `mix.max_seq_tokens`. */
  maxSeqTokens: number;
}

/** So much of `max_seq_tokens` is planned for: texts have more tokens than is thought. */
const plannedShare = 0.8;
/** Sizes that nobody asked for are drawn from this share of the most on. */
const leastShare = 0.25;
/** No example is made shorter. */
const leastTokens = 64;

/** Least and most tokens of an example. */
export function targetOf({ wanted, maxSeqTokens }: Sizes): readonly [least: number, most: number] {
  if (wanted !== null) return wanted;
  const most = Math.max(leastTokens, Math.floor(plannedShare * maxSeqTokens));
  return [Math.max(leastTokens, Math.floor(leastShare * most)), most];
}

/** How many characters an example is to have, drawn by its key. */
export function drawnChars(sizes: Sizes, key: string): number {
  const [least, most] = targetOf(sizes);
  return Math.round(least * (most / least) ** fraction(`${key}/size`) * sizes.charsPerToken);
}

/**
 * The sizes that are tried for an example: the one that was drawn, and where nobody asked for it also larger
 * ones, as a first sentence may not fit, and half of it and so on, until the documents have so much.
 */
export function* triedChars(sizes: Sizes, drawn: number): Generator<number> {
  yield drawn;
  if (sizes.wanted !== null) return;
  const most = targetOf(sizes)[1] * sizes.charsPerToken;
  for (let chars = 2 * drawn; chars < most; chars *= 2) yield chars;
  yield most;
  for (let chars = drawn / 2; chars >= leastTokens * sizes.charsPerToken; chars /= 2) yield Math.round(chars);
}

/** Why a document gave no example, with both sizes in characters. `drawn`: that of the last one tried. */
export function tooShortTold(name: string, chars: number, drawn: number, sizes: Sizes): string {
  const tokens = (of: number) => `about ${formatCount(Math.round(of / sizes.charsPerToken))} tokens`;
  if (sizes.wanted === null) return `no ${name} can be made at any size: the document has ${tokens(chars)}`;
  const wanted = `target_tokens [${sizes.wanted.join(", ")}]`;
  return (
    `no ${name} of ${tokens(drawn)} (${wanted}) can be made: the document has ${tokens(chars)}. Without ` +
    "target_tokens sizes fit"
  );
}
