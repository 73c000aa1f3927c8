import { fMeasure, lcsTable, wordsOf } from "../rouge-overlap.ts";

/** F-measure of ROUGE-L (Lin 2004, §3.1), as rouge_score 0.1.2: the longest common subsequence of the whole texts. */
export function rougeL(prediction: string, target: string): number {
  const [got, expected] = [wordsOf(prediction), wordsOf(target)];
  return fMeasure(lcsTable(expected, got).at(-1)!.at(-1)!, got.length, expected.length);
}
