import { lcsPlaces, wordNumbers } from "../lcs.ts";
import { splitBlanks } from "../python-text.ts";

/**
 * The official script walks its table by recursion, which Python ends after 1,000 calls; the script takes the
 * error for a score of 0. So many steps back are possible there.
 */
const maxSteps = 990;

/**
 * LongBench's rouge_score: the F of ROUGE-L of the package `rouge` 1.0.1, another one than Google's.
 * Sentences end at "."; what counts is the set of words that are in the longest common subsequence of any two
 * sentences, over the set of each text's words. 0 where a text has no sentence. `callsBefore`: how much
 * deeper than rouge_score itself the official script stands when it calls it.
 */
export function longbenchRouge(prediction: string, target: string, callsBefore = 0): number {
  const [got, expected] = [sentencesOf(prediction), sentencesOf(target)];
  if (got.length === 0 || expected.length === 0) return 0;
  const union = new Set<string>();
  const numbers = wordNumbers();
  const others = got.map(numbers);
  for (const sentence of expected) {
    const own = numbers(sentence);
    for (const other of others) {
      const { places, steps } = lcsPlaces(own, other, "other");
      if (steps > maxSteps - callsBefore) return 0;
      for (const place of places) union.add(sentence[place]!);
    }
  }
  const recall = union.size / new Set(expected.flat()).size;
  const precision = union.size / new Set(got.flat()).size;
  return 2 * ((precision * recall) / (precision + recall + 1e-8));
}

/** Words of each sentence; a sentence of white space alone has one, which is empty. */
function sentencesOf(text: string): string[][] {
  return text
    .split(".")
    .filter(Boolean)
    .map((sentence) => splitBlanks(sentence).join(" ").split(" "));
}
