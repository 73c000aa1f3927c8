import { type Random, randomOf } from "../../../random.ts";
import { type Construction, fillHay, fullSize, sampleOf } from "../probe.ts";

const common = 10;

interface Size {
  /** How often common words and other words stand in the list. */
  often: number;
  seldom: number;
  /** The same of the solved example, and how many words it has. */
  example: { often: number; seldom: number; words: number };
}

const full: Size = { often: 30, seldom: 3, example: { often: 10, seldom: 3, words: 40 } };
const small: Size = { often: 6, seldom: 1, example: { often: 3, seldom: 1, words: 20 } };

/**
 * A numbered list of words of which ten stand in it ten (six) times as often as the others, and are to be
 * named: RULER's common words extraction, with one solved example before it.
 */
export function commonWords(words: readonly string[]): Construction {
  return ({ random, length }) => {
    const { often, seldom, example } = length < fullSize ? small : full;
    const shownWords = sampleOf(random, words, example.words);
    const shown = part(listOf(shownWords, example, random));
    const before = `${shown.text} ${shown.prefix} ${numbered(shownWords.slice(0, common))}\n`;
    const seed = random.below(2 ** 31);
    // Longer lists have the same words and more.
    const drawn = sampleOf(random, words, Math.min(words.length, Math.max(64, length)));
    // A word that stands inside another would be found where the other was answered.
    const isApart = (word: string): boolean => !drawn.some((other) => other !== word && other.includes(word));
    const frequent = firstOf(drawn, common, isApart);
    const isFrequent = new Set(frequent);
    const own = [...frequent, ...drawn.filter((word) => !isFrequent.has(word))];
    return {
      fewest: common + 1,
      most: own.length,
      references: own.slice(0, common),
      match: "all",
      textOf(units) {
        const list = listOf(own.slice(0, units), { often, seldom }, randomOf(seed, `${units}`));
        const { text, prefix, hay } = part(list);
        return {
          text: before + text,
          prefix,
          hay: { start: before.length + hay.start, end: before.length + hay.end },
        };
      },
    };
  };
}

/** The first `count` of some things that are as wanted. */
function firstOf<T>(from: readonly T[], count: number, isWanted: (one: T) => boolean): T[] {
  const found: T[] = [];
  for (const one of from) {
    if (found.length === count) break;
    if (isWanted(one)) found.push(one);
  }
  return found;
}

function listOf(
  words: readonly string[],
  { often, seldom }: { often: number; seldom: number },
  random: Random,
): string[] {
  return random.shuffle(words.flatMap((word, i) => Array<string>(i < common ? often : seldom).fill(word)));
}

function numbered(words: readonly string[]): string {
  return words.map((word, i) => `${i + 1}. ${word}`).join(" ");
}

function part(list: readonly string[]): ReturnType<typeof fillHay> {
  return fillHay(
    "Below is a numbered list of words. In these words, some appear more often than others. Memorize the ones " +
      "that appear most often.\n{hay}\nQuestion: What are the 10 most common words in the above list?",
    numbered(list),
    "Answer: The top 10 words that appear most often in the list are:",
  );
}
