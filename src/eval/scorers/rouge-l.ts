import { fMeasure, lcsTable, wordsOf } from "../scoring/rouge-overlap.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** F-measure of ROUGE-L (Lin 2004, §3.1): the longest common subsequence of the whole texts. */
export const rougeL: Scorer = {
  official: "rouge_score 0.1.2",
  score(prediction, target) {
    const [got, expected] = [wordsOf(prediction), wordsOf(target)];
    return fMeasure(lcsTable(expected, got).at(-1)!.at(-1)!, got.length, expected.length);
  },
};
