import { ngramCounts } from "./bleu.ts";
import { splitBlanks } from "./python-text.ts";
import type { References } from "./references.ts";
import { countsOf } from "./squad/word-f1.ts";

const characterOrder = 6;
/** β = 2: recall counts four times as much. */
const factor = 4;

/** chrF of a corpus, 0 to 100 (Popović 2015), as sacrebleu 2.6.0 with its defaults: characters to order 6. */
export function chrf(predictions: readonly string[], references: References): number {
  return score(predictions, references, 0);
}

/** chrF++ of a corpus (Popović 2017): chrF with words and pairs of words. */
export function chrfPlusPlus(predictions: readonly string[], references: References): number {
  return score(predictions, references, 2);
}

/** Of one order: n-grams of the prediction, of the reference, and of both. */
type Counts = [got: number, expected: number, shared: number];

function score(predictions: readonly string[], references: References, wordOrder: number): number {
  const total: Counts[] = Array.from({ length: characterOrder + wordOrder }, () => [0, 0, 0]);
  for (const [i, prediction] of predictions.entries()) {
    const grams = gramsOf(prediction, wordOrder);
    let best: Counts[] = [];
    let most = -1;
    for (const reference of references[i]!) {
      const counts = gramsOf(reference, wordOrder).map((expected, at) => countsOfOrder(grams[at]!, expected));
      const value = fScore(counts);
      if (value > most) [best, most] = [counts, value];
    }
    for (const [at, counts] of best.entries())
      for (const [place, count] of counts.entries()) total[at]![place]! += count;
  }
  return fScore(total);
}

/** Counts of n-grams by order: those of characters, without white space, then those of words. */
function gramsOf(text: string, wordOrder: number): Map<string, number>[] {
  const characters = Array.from(splitBlanks(text).join(""));
  const words = wordOrder > 0 ? wordsOf(text) : [];
  return [
    ...Array.from({ length: characterOrder }, (_, i) => characterCounts(characters, i + 1)),
    ...Array.from({ length: wordOrder }, (_, i) => ngramCounts(words, i + 1)),
  ];
}

function characterCounts(characters: readonly string[], order: number): Map<string, number> {
  const last = characters.length - order;
  const grams = Array.from({ length: Math.max(0, last + 1) }, (_, i) =>
    characters.slice(i, i + order).join(""),
  );
  return countsOf(grams);
}

/** Words, of which one sign of ASCII at the end, else at the start, is split off. */
function wordsOf(text: string): string[] {
  return splitBlanks(text).flatMap((word) => {
    const characters = Array.from(word);
    if (characters.length === 1) return [word];
    if (isSign(characters.at(-1)!)) return [characters.slice(0, -1).join(""), characters.at(-1)!];
    return isSign(characters[0]!) ? [characters[0]!, characters.slice(1).join("")] : [word];
  });
}

const isSign = (character: string): boolean => /^[!-/:-@[-`{-~]$/.test(character);

function countsOfOrder(got: ReadonlyMap<string, number>, expected: ReadonlyMap<string, number>): Counts {
  const sum = (counts: ReadonlyMap<string, number>): number =>
    [...counts.values()].reduce((a, b) => a + b, 0);
  let shared = 0;
  for (const [gram, count] of got) shared += Math.min(count, expected.get(gram) ?? 0);
  // What has no counterpart in the reference does not count as wrong.
  return [expected.size > 0 ? sum(got) : 0, sum(expected), shared];
}

/** F of the precision and recall that orders have on average; orders that one side lacks are left out. */
function fScore(orders: readonly Counts[]): number {
  let [precision, recall, effective] = [0, 0, 0];
  for (const [got, expected, shared] of orders) {
    if (got === 0 || expected === 0) continue;
    precision += shared / got;
    recall += shared / expected;
    effective++;
  }
  if (effective === 0) return 0;
  precision /= effective;
  recall /= effective;
  if (precision + recall === 0) return 0;
  return 100 * (((1 + factor) * precision * recall) / (factor * precision + recall));
}
