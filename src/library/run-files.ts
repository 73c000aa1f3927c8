import { existsSync } from "node:fs";
import { evalPaths, runPaths, trainPaths } from "../contracts/run-folder.ts";

/** Where a run's results are. What a run did not make is not there; the adapter is null without LoRA. */
export interface RunFiles {
  /** The recipe with all defaults. */
  recipe: string;
  /** Folder of the examples, a subfolder for each dataset. */
  data: string;
  /** Folder of the packs. */
  mix: string;
  /** `train.step` and `train.validation` events, one a line. */
  metrics: string;
  /** The tuned model, in Hugging Face's form. */
  checkpoint: string;
  /** The PEFT adapter, where one was trained. */
  adapter: string | null;
  /** Every question and answer, by model and benchmark. */
  samples: string;
  /** Figures and their intervals. */
  results: string;
  /** One page with all of it. */
  report: string;
}

/** The files of a run's folder. `isComparison`: those of checkpoints that were named, which lie apart. */
export function runFiles(runDir: string, isComparison: boolean): RunFiles {
  const paths = runPaths(runDir);
  const { metrics, final, adapter } = trainPaths(paths.train);
  const evaluated = isComparison ? runPaths(paths.compare) : paths;
  return {
    recipe: paths.recipe,
    data: paths.data,
    mix: paths.mix,
    metrics,
    checkpoint: final,
    adapter: existsSync(adapter) ? adapter : null,
    ...evalPaths(evaluated.eval),
    report: evaluated.report,
  };
}
