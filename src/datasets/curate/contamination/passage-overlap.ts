import type { Words } from "../words.ts";
import { leastWords } from "./ngrams.ts";
import { createRuns } from "./word-runs.ts";

/** How much of a benchmark's text an example contains. */
export interface Covered {
  item: string;
  /** Share of the words of the item's text that are in a run which the example also has. */
  share: number;
  /** The longest passage that both have, as the example writes it. */
  passage: string;
}

/** Benchmark texts, to be found by how much of them an example contains. */
export interface CoveredIndex {
  /**
   * `group`: items of one group (a document) count once towards `maxGroups`. False for a text that is too
   * short.
   */
  add(text: string, item: string, group: string): boolean;
  /**
   * The benchmark text with the largest share in `texts` taken together, if that is at least the threshold.
   */
  find(texts: readonly string[]): Covered | null;
}

interface BenchmarkText {
  item: string;
  group: string;
  words: number;
}

/** What an example has of one benchmark text: which words, and the longest passage so far. */
interface Found {
  covered: Uint8Array;
  count: number;
  /** The current passage; it goes on as long as the next run is the next one in both texts. */
  next: { content: number; run: number; position: number; begin: number };
  longest: { content: number; begin: number; end: number };
}

/**
 * The rule of Tulu 3 (Lambert et al. 2024, section 3.2; open-instruct's `--ngram_size` and
 * `--match_threshold`). A word of a benchmark's text matches if it is in a run of `size` words that the
 * example has as well; the example is too similar if a share of `threshold` of the words match. Runs in more
 * than `maxGroups` groups are ignored, and a text of fewer words, but at least eight, is one run as a whole.
 * About 100 bytes a run.
 */
export function createCovered(size: number, maxGroups: number, threshold: number): CoveredIndex {
  const texts: BenchmarkText[] = [];
  /** By run: pairs of a text's index and the run's place in it; null where too many groups have the run. */
  const runs = new Map<number, number[] | null>();
  const lengths = new Set<number>();
  const known = createRuns();

  const groupsOf = (places: readonly number[]): number => {
    const groups = new Set<string>();
    for (let p = 0; p < places.length; p += 2) groups.add(texts[places[p]!]!.group);
    return groups.size;
  };

  return {
    add(text, item, group) {
      known.scan(text);
      const { count: words } = known.words;
      if (words < Math.min(leastWords, size)) return false;
      const length = Math.min(size, words);
      lengths.add(length);
      const count = known.hash(length);
      const index = texts.push({ item, group, words }) - 1;
      for (let i = 0; i < count; i++) {
        const key = known.keyAt(i);
        const places = runs.get(key);
        known.note(i);
        if (places === undefined) runs.set(key, [index, i]);
        else if (places !== null) {
          const isNew = texts[places.at(-2)!]!.group !== group;
          places.push(index, i);
          if (isNew && places.length > 2 * maxGroups && groupsOf(places) > maxGroups) runs.set(key, null);
        }
      }
      return true;
    },
    find(contents) {
      const found = new Map<number, Found>();
      const scanned: Pick<Words, "text" | "starts" | "ends">[] = [];
      for (const [content, text] of contents.entries()) {
        known.scan(text);
        const { count: words, text: own, starts, ends } = known.words;
        scanned.push({ text: own, starts: starts.slice(0, words), ends: ends.slice(0, words) });
        for (const length of lengths) {
          if (words < length) continue;
          const count = known.hash(length);
          for (let i = 0; i < count; i++) {
            const places = known.mayHave(i) ? runs.get(known.keyAt(i)) : undefined;
            for (let p = 0; places && p < places.length; p += 2)
              cover(found, texts, places[p]!, { content, run: i, position: places[p + 1]!, length });
          }
        }
      }
      let best: { index: number; share: number } | undefined;
      for (const [index, { count }] of found) {
        const share = count / texts[index]!.words;
        if (share >= threshold && share > (best?.share ?? 0)) best = { index, share };
      }
      if (best === undefined) return null;
      const { content, begin, end } = found.get(best.index)!.longest;
      const { text, starts, ends } = scanned[content]!;
      const passage = text.slice(starts[begin], ends[end - 1]);
      return { item: texts[best.index]!.item, share: best.share, passage };
    },
  };
}

/** Notes that the run of `length` words at `run` of the example is at `position` of a benchmark's text. */
function cover(
  found: Map<number, Found>,
  texts: readonly BenchmarkText[],
  index: number,
  { content, run, position, length }: { content: number; run: number; position: number; length: number },
): void {
  let has = found.get(index);
  if (has === undefined) {
    const next = { content: -1, run: -1, position: -1, begin: -1 };
    const longest = { content, begin: run, end: run };
    has = { covered: new Uint8Array(texts[index]!.words), count: 0, next, longest };
    found.set(index, has);
  }
  for (let word = position; word < position + length; word++) {
    if (has.covered[word] === 0) has.count++;
    has.covered[word] = 1;
  }
  const { next, longest } = has;
  const goesOn = next.content === content && next.run === run && next.position === position;
  const begin = goesOn ? next.begin : run;
  has.next = { content, run: run + 1, position: position + 1, begin };
  if (run + length - begin > longest.end - longest.begin) has.longest = { content, begin, end: run + length };
}
