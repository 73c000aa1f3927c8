import { leastWords } from "./ngrams.ts";
import { createRuns } from "./word-runs.ts";

/** Texts of fewer words are answers and greetings, which anybody may write: they are not looked for. */
export const leastShortWords = 4;

/** Texts of benchmarks that are too short for a run of words to prove anything. */
export interface ShortTexts {
  /**
   * Takes a text of four to seven words. `group`: items of one group (a document) count once towards
   * `maxGroups`. False for a text of another length.
   */
  add(text: string, item: string, group: string): boolean;
  /** The item that has this text and no other words, or null. */
  find(text: string): string | null;
}

/**
 * Looks for short texts whole: "What is the capital of France?" in the middle of a text says nothing, but a
 * prompt of these words and no others is the benchmark's. A text of more than `maxGroups` groups is a phrase
 * of a template.
 */
export function createShortTexts(maxGroups: number): ShortTexts {
  const texts = new Map<number, { item: string; group: string; groups: number }>();
  const known = createRuns();
  const keyOf = (text: string): number | null => {
    // A text of so many characters has more words, and need not be scanned.
    if (text.length > 1000) return null;
    known.scan(text);
    const { count } = known.words;
    if (count < leastShortWords || count >= leastWords) return null;
    known.hash(count);
    return known.keyAt(0);
  };
  return {
    add(text, item, group) {
      const key = keyOf(text);
      if (key === null) return false;
      const have = texts.get(key);
      if (have === undefined) texts.set(key, { item, group, groups: 1 });
      else if (have.group !== group) {
        have.group = group;
        have.groups++;
      }
      return true;
    },
    find(text) {
      if (texts.size === 0) return null;
      const key = keyOf(text);
      const have = key === null ? undefined : texts.get(key);
      return have === undefined || have.groups > maxGroups ? null : have.item;
    },
  };
}
