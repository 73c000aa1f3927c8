import { defineBenchmark, rising } from "../benchmark.ts";
import { v1Items, v1Options } from "../longbench/v1.ts";

/**
 * LongBench-E: 13 datasets of LongBench by length (words) up to 4k, 8k and beyond. `score` of a length is the
 * mean over datasets.
 */
export const longbenchE = defineBenchmark({
  defaultLimit: Number.POSITIVE_INFINITY,
  headline: { metric: "score", name: "LongBench-E score" },
  metrics: rising("score"),
  details: / (?:0-4k|4-8k|8k\+)$/,
  options: v1Options,
  items: (environment, options) => v1Items(environment, options, true),
});
