import type { ResultSource } from "../entry.ts";
import { lmEvalResults } from "./lm-eval.ts";
import { longbenchResults } from "./longbench.ts";
import { runResults } from "./run.ts";
import { taskResults } from "./tasks.ts";

/** Whose results can be compared, the most telling files first. */
export const resultSources = {
  run: runResults,
  tasks: taskResults,
  "lm-eval": lmEvalResults,
  longbench: longbenchResults,
} as const satisfies Record<string, ResultSource>;
