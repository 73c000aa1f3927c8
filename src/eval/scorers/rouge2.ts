import { rougeN } from "../rouge-overlap.ts";

/** F-measure of ROUGE-2: pairs of words that prediction and target share. */
export function rouge2(prediction: string, target: string): number {
  return rougeN(prediction, target, 2);
}
