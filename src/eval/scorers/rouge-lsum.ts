import { fMeasure, lcsTable, wordsOf } from "../scoring/rouge-overlap.ts";
import type { Scorer } from "../scoring/scorer.ts";

/**
 * F-measure of summary-level ROUGE-L (Lin 2004, §3.2) with lines as sentences: for each line of the
 * reference, the union of its longest common subsequences with all lines of the prediction.
 */
export const rougeLsum: Scorer = {
  official: "rouge_score 0.1.2",
  score(prediction, target) {
    const [expected, got] = [linesOf(target), linesOf(prediction)];
    const [leftExpected, leftGot] = [countsOf(expected.flat()), countsOf(got.flat())];
    let shared = 0;
    for (const line of expected) {
      const union = new Set(got.flatMap((other) => lcsIndices(line, other)));
      for (const i of [...union].sort((a, b) => a - b)) {
        const word = line[i]!;
        const [a, b] = [leftExpected.get(word) ?? 0, leftGot.get(word) ?? 0];
        if (a === 0 || b === 0) continue; // a word counts at most as often as it occurs
        shared++;
        leftExpected.set(word, a - 1);
        leftGot.set(word, b - 1);
      }
    }
    return fMeasure(shared, got.flat().length, expected.flat().length);
  },
};

function linesOf(text: string): string[][] {
  return text.split("\n").filter(Boolean).map(wordsOf);
}

function countsOf(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Indices in `line` of one longest common subsequence. Among equals, the choice is that of rouge_score. */
function lcsIndices(line: readonly string[], other: readonly string[]): number[] {
  const table = lcsTable(line, other);
  const indices: number[] = [];
  let [i, j] = [line.length, other.length];
  while (i > 0 && j > 0) {
    if (line[i - 1] === other[j - 1]) {
      indices.push(--i);
      j--;
    } else if (table[i]![j - 1]! > table[i - 1]![j]!) j--;
    else i--;
  }
  return indices;
}
