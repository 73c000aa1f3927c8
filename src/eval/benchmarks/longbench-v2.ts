import { defineBenchmark, rising } from "../benchmark.ts";
import { v2Items, v2Options } from "../longbench/v2.ts";

/**
 * LongBench v2 (arXiv 2412.15204): questions with four choices on long documents, answered in words.
 *
 * - `acc`: the answer names the right letter in the form that was asked for, by its two regexes;
 * - `compensated`: an answer that names none counts a quarter;
 * - `answered`: the answer names a letter.
 */
export const longbenchV2 = defineBenchmark({
  defaultLimit: Number.POSITIVE_INFINITY,
  headline: { metric: "acc", name: "accuracy" },
  metrics: rising("acc", "compensated", "answered"),
  details: /^domain /,
  options: v2Options,
  items: v2Items,
});
