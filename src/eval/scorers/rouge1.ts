import { rougeN } from "../rouge-overlap.ts";

/** F-measure of ROUGE-1: words that prediction and target share. */
export function rouge1(prediction: string, target: string): number {
  return rougeN(prediction, target, 1);
}
