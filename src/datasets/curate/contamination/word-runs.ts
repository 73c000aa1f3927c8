import { hashWindows } from "../shingles.ts";
import { createWords, scanWords, type Words } from "../words.ts";

const bloomBits = 24;

/** Runs of words as numbers, for looking them up. They are those of the text that was scanned last. */
export interface Runs {
  /** Of the text scanned last. */
  readonly words: Words;
  scan(text: string): void;
  /** Hashes all runs of `length` words of the text; returns how many there are. */
  hash(length: number): number;
  /** 53 bits of the hash of the run that begins with word `i`. */
  keyAt(i: number): number;
  /** Remembers the run that begins with word `i`, so that `mayHave` is true for it. */
  note(i: number): void;
  /**
   * A Bloom filter, faster than a map: false for nearly all runs that were not noted, true for all that were.
   */
  mayHave(i: number): boolean;
}

export function createRuns(): Runs {
  const bloom = new Uint8Array(2 ** (bloomBits - 3));
  const words = createWords();
  let [low, high] = [new Int32Array(1024), new Int32Array(1024)];
  const bit = (i: number): number => low[i]! >>> (32 - bloomBits);
  return {
    words,
    scan: (text) => scanWords(text, words),
    hash(length) {
      if (low.length < words.count)
        [low, high] = [new Int32Array(words.count * 2), new Int32Array(words.count * 2)];
      hashWindows(words.hashes, words.count, length, low);
      hashWindows(words.hashes, words.count, length, high, 0x85ebca77 | 0);
      return words.count - length + 1;
    },
    keyAt: (i) => (high[i]! >>> 11) * 2 ** 32 + (low[i]! >>> 0),
    note(i) {
      bloom[bit(i) >>> 3]! |= 1 << (bit(i) & 7);
    },
    mayHave: (i) => (bloom[bit(i) >>> 3]! & (1 << (bit(i) & 7))) !== 0,
  };
}
