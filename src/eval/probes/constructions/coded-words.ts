import { randomOf } from "../../../random.ts";
import { type Construction, fillHay } from "../probe.ts";

/** ζ(2): RULER's word of rank k stands n · k⁻² / ζ(2) times in a text of n words. */
const zeta2 = Math.PI ** 2 / 6;
const letters = "abcdefghijklmnopqrstuvwxyz";
const answers = 3;

/**
 * A text of made-up words of six letters, of which the three most frequent are to be named; the most frequent
 * of all is "..." and is to be passed over: RULER's frequent words extraction, with its zeta distribution.
 */
export const codedWords: Construction = ({ random, length }) => {
  const size = Math.max(answers + 2, Math.floor(length / 50));
  const words = new Set<string>();
  while (words.size < size)
    words.add(Array.from({ length: 6 }, () => letters[random.below(letters.length)]).join(""));
  const vocabulary = ["...", ...[...words].slice(1)];
  const seed = random.below(2 ** 31);
  return {
    fewest: clearAtMost(Number.POSITIVE_INFINITY),
    most: Number.POSITIVE_INFINITY,
    references: vocabulary.slice(1, answers + 1),
    match: "all",
    textOf(units) {
      const total = clearAtMost(units);
      const list = vocabulary.flatMap((word, i) => Array<string>(timesOf(total, i + 1)).fill(word));
      randomOf(seed, `${total}`).shuffle(list);
      return fillHay(
        "Read the following coded text and track the frequency of each coded word. Find the three most " +
          "frequently appeared coded words. {hay}\nQuestion: Do not provide any explanation. Please ignore the " +
          "dots '....'. What are the three most frequently appeared words in the above coded text?",
        list.join(" "),
        "Answer: According to the coded text above, the three most frequently appeared words are:",
      );
    },
  };
};

function timesOf(total: number, rank: number): number {
  return Math.floor(total / (rank ** 2 * zeta2));
}

/**
 * The largest total up to `most` at which the words asked for stand more often than the next; for infinity
 * the smallest there is. RULER's own may leave the third and the fourth even in short texts.
 */
export function clearAtMost(most: number): number {
  const isClear = (total: number): boolean =>
    timesOf(total, answers + 1) > timesOf(total, answers + 2) && timesOf(total, answers + 1) > 0;
  if (most === Number.POSITIVE_INFINITY) {
    let total = 1;
    while (!isClear(total)) total++;
    return total;
  }
  let total = Math.floor(most);
  while (total > 0 && !isClear(total)) total--;
  return total;
}
