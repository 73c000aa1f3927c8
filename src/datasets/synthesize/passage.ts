import { fraction } from "../choice.ts";
import type { Range } from "./sentences.ts";

/** Sizes of contexts in UTF-16 units: the nano tokenizer makes a token of 3 to 4. */
export const sizes = {
  /** With question and answer this stays under 512 tokens. */
  short: 1_100,
  /** A document shorter than this makes no long example. */
  longMinimum: 5_000,
  /** Long contexts are cut to these sizes in turn, so that every length has examples. */
  long: [6_000, 12_000, 24_000, Number.POSITIVE_INFINITY],
} as const;

/** Consecutive sentences of a document, as one text. */
export interface Passage {
  text: string;
  /** Ranges in `text`. */
  sentences: Range[];
  /** Index of the first sentence in the document. */
  first: number;
}

/** The sentences from `first` up to, not including, `end`. */
export function passageOf(text: string, sentences: readonly Range[], first: number, end: number): Passage {
  const offset = sentences[first]!.start;
  return {
    text: text.slice(offset, sentences[end - 1]!.end),
    sentences: sentences.slice(first, end).map((r) => ({ start: r.start - offset, end: r.end - offset })),
    first,
  };
}

/**
 * The longest passage of at most `maxChars` with sentence `target` in it, at a depth given by the key, so
 * that what is asked for is found anywhere in the context. At least the target itself.
 */
export function passageAround(
  text: string,
  sentences: readonly Range[],
  target: number,
  maxChars: number,
  key: string,
): Passage {
  let first = target;
  let end = target + 1;
  const charsBetween = (from: number, to: number) => sentences[to - 1]!.end - sentences[from]!.start;
  const before = fraction(`${key}/depth`) * maxChars;
  while (
    first > 0 &&
    charsBetween(first - 1, target + 1) <= before &&
    charsBetween(first - 1, end) <= maxChars
  )
    first--;
  while (end < sentences.length && charsBetween(first, end + 1) <= maxChars) end++;
  while (first > 0 && charsBetween(first - 1, end) <= maxChars) first--;
  return passageOf(text, sentences, first, end);
}
