import { createRuns } from "./word-runs.ts";

/** A run of words of a benchmark item that a text has, as the text writes it. */
export interface NgramMatch {
  item: string;
  run: string;
}

/** Runs of words of benchmark items. */
export interface NgramIndex {
  readonly size: number;
  /**
   * `group`: items of one group (a document) count once towards `maxGroups`. False for a text that is too
   * short.
   */
  add(text: string, item: string, group: string): boolean;
  find(text: string): NgramMatch | null;
}

/** Texts of fewer words are not looked for in other texts. */
export const leastWords = 8;

/**
 * An index of runs of `size` words. An item of fewer words, but at least eight, is one run as a whole. A run
 * in more than `maxGroups` groups is a common phrase or part of a template and proves nothing (as in GPT-3,
 * Brown et al. 2020, appendix C). Runs are compared by 53 bits of hash; about 60 bytes a run.
 */
export function createNgrams(size: number, maxGroups: number): NgramIndex {
  const runs = new Map<number, { item: string; group: string; groups: number }>();
  const lengths = new Set<number>();
  const known = createRuns();
  const { words } = known;
  return {
    get size() {
      return runs.size;
    },
    add(text, item, group) {
      known.scan(text);
      if (words.count < Math.min(leastWords, size)) return false;
      const length = Math.min(size, words.count);
      lengths.add(length);
      const count = known.hash(length);
      for (let i = 0; i < count; i++) {
        const key = known.keyAt(i);
        const run = runs.get(key);
        known.note(i);
        if (run === undefined) runs.set(key, { item, group, groups: 1 });
        else if (run.group !== group) {
          run.group = group;
          run.groups++;
        }
      }
      return true;
    },
    find(text) {
      known.scan(text);
      for (const length of lengths) {
        if (words.count < length) continue;
        const count = known.hash(length);
        for (let i = 0; i < count; i++) {
          if (!known.mayHave(i)) continue;
          const run = runs.get(known.keyAt(i));
          if (run === undefined || run.groups > maxGroups) continue;
          return { item: run.item, run: words.text.slice(words.starts[i], words.ends[i + length - 1]) };
        }
      }
      return null;
    },
  };
}
