import { defineBenchmark, rising } from "../benchmark.ts";
import { v1Items, v1Options } from "../longbench/v1.ts";

/**
 * LongBench v1 (arXiv 2308.14508): up to 21 datasets, with its own prompts, truncation, lengths of answers
 * and scores. `score` of the whole is the mean over datasets. Its prediction files are in `eval/longbench`.
 */
export const longbench = defineBenchmark({
  defaultLimit: Number.POSITIVE_INFINITY,
  headline: { metric: "score", name: "LongBench score" },
  metrics: rising("score"),
  options: v1Options,
  items: (environment, options) => v1Items(environment, options, false),
});
