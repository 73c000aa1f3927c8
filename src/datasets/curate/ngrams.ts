import { hashWindows } from "./shingles.ts";
import { createWords, scanWords } from "./words.ts";

/** Where a text has a run of words that a benchmark has. Offsets are UTF-16 units of the text. */
export interface NgramMatch {
  item: string;
  start: number;
  end: number;
}

/** Runs of words of benchmark items. */
export interface NgramIndex {
  readonly size: number;
  /** `group`: items of one group (a document) count once towards `maxGroups`. */
  add(text: string, item: string, group: string): void;
  find(text: string): NgramMatch | null;
}

/** Items of fewer words say too little to be looked for. */
const leastWords = 8;
const bloomBits = 24;

/**
 * An index of runs of `size` words. An item of fewer words, but at least eight, is one run as a whole. A run that
 * more than `maxGroups` groups have is a phrase of the language or of a template and proves nothing (as in GPT-3,
 * Brown et al. 2020, appendix C). Runs are told apart by 53 bits of hash; about 60 bytes a run.
 */
export function createNgrams(size: number, maxGroups: number): NgramIndex {
  const runs = new Map<number, { item: string; group: string; groups: number }>();
  const lengths = new Set<number>();
  const bloom = new Uint8Array(2 ** (bloomBits - 3));
  const words = createWords();
  let [low, high] = [new Int32Array(1024), new Int32Array(1024)];

  /** Hashes of all runs of `length` words of the text scanned last. */
  const hash = (length: number): number => {
    const count = words.count - length + 1;
    if (low.length < words.count)
      [low, high] = [new Int32Array(words.count * 2), new Int32Array(words.count * 2)];
    hashWindows(words.hashes, words.count, length, low);
    hashWindows(words.hashes, words.count, length, high, 0x85ebca77 | 0);
    return count;
  };
  const keyAt = (i: number): number => (high[i]! >>> 11) * 2 ** 32 + (low[i]! >>> 0);
  const bit = (i: number): number => low[i]! >>> (32 - bloomBits);
  return {
    get size() {
      return runs.size;
    },
    add(text, item, group) {
      scanWords(text, words);
      if (words.count < Math.min(leastWords, size)) return;
      const length = Math.min(size, words.count);
      lengths.add(length);
      const count = hash(length);
      for (let i = 0; i < count; i++) {
        const key = keyAt(i);
        const run = runs.get(key);
        bloom[bit(i) >>> 3]! |= 1 << (bit(i) & 7);
        if (run === undefined) runs.set(key, { item, group, groups: 1 });
        else if (run.group !== group) {
          run.group = group;
          run.groups++;
        }
      }
    },
    find(text) {
      scanWords(text, words);
      for (const length of lengths) {
        if (words.count < length) continue;
        const count = hash(length);
        for (let i = 0; i < count; i++) {
          if ((bloom[bit(i) >>> 3]! & (1 << (bit(i) & 7))) === 0) continue;
          const run = runs.get(keyAt(i));
          if (run === undefined || run.groups > maxGroups) continue;
          return { item: run.item, start: words.starts[i]!, end: words.ends[i + length - 1]! };
        }
      }
      return null;
    },
  };
}
