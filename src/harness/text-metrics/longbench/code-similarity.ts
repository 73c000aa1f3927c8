import { roundHalfEven } from "../python-text.ts";
import { sequenceRatio } from "./sequence-matcher.ts";

/** LongBench's code_sim_score: fuzzywuzzy's ratio of the target with the first line that is code. */
export function codeSimilarity(prediction: string, target: string): number {
  const lines = prediction.replace(/^\n+/, "").split("\n");
  return fuzzyRatio(lines.find(isCode) ?? "", target) / 100;
}

/** A line without a fence, a comment of Python or one of C. */
export function isCode(line: string): boolean {
  return !line.includes("`") && !line.includes("#") && !line.includes("//");
}

/** `fuzz.ratio` of fuzzywuzzy 0.18.0 without python-Levenshtein, which counts another way: whole percents. */
export function fuzzyRatio(one: string, other: string): number {
  if (one === other) return 100;
  if (one === "" || other === "") return 0;
  return roundHalfEven(100 * sequenceRatio(one, other), 0);
}
