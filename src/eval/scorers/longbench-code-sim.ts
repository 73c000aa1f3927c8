import { codeSimilarity } from "../../harness/text-metrics/longbench/code-similarity.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** LongBench's code_sim_score: how similar the first line of code is, by characters. */
export const longbenchCodeSim: Scorer = {
  official: "LongBench 2e00731",
  score: codeSimilarity,
};
