import { containsReference, rulerPrediction } from "../../harness/text-metrics/long-context/ruler.ts";

/** Of each reference 1 where it stands in an answer, as RULER looks for it, else 0. */
export function foundShares(prediction: string, references: readonly string[]): number[] {
  const text = rulerPrediction(prediction);
  return references.map((reference) => Number(containsReference(text, reference)));
}
