import { join } from "node:path";
import type { StageName } from "./events.ts";

/**
 * Where a run keeps what it makes:
 *
 *     runs/<name>/
 *       recipe.yaml              the recipe with every default filled in
 *       run.lock                 while a run writes here
 *       stages.json              what each stage's folder was begun with
 *       data/                    stage.json, once the stage is complete (in every stage's folder)
 *         <dataset>/examples.parquet, README.md
 *         ledger.parquet         the fate of every input row
 *         manifest.json
 *       mix/
 *         train/packs.parquet
 *         validation/packs.parquet
 *         ledger.parquet         the last fate of every input row
 *         manifest.json
 *       train/
 *         checkpoint-<step>/     to resume from
 *         metrics.jsonl
 *         adapter/               LoRA alone
 *         final/                 the tuned model
 *       eval/
 *         samples/<model>/<benchmark>.jsonl
 *         results.json
 *       report.html
 *       compare/                 eval/ and report.html of checkpoints named on the command line
 */
export function runPaths(runDir: string) {
  return {
    recipe: join(runDir, "recipe.yaml"),
    lock: join(runDir, "run.lock"),
    stages: join(runDir, "stages.json"),
    data: join(runDir, "data"),
    mix: join(runDir, "mix"),
    train: join(runDir, "train"),
    eval: join(runDir, "eval"),
    report: join(runDir, "report.html"),
    compare: join(runDir, "compare"),
  };
}

/** In the folder of each dataset. */
export const examplesFile = "examples.parquet";

export function dataPaths(dataDir: string) {
  return { ledger: join(dataDir, "ledger.parquet"), manifest: join(dataDir, "manifest.json") };
}

export function mixPaths(mixDir: string) {
  return {
    train: join(mixDir, "train"),
    validation: join(mixDir, "validation"),
    ledger: join(mixDir, "ledger.parquet"),
    manifest: join(mixDir, "manifest.json"),
  };
}

/** The packs of a split, in its folder of the mix. */
export function packsPath(splitDir: string): string {
  return join(splitDir, "packs.parquet");
}

export function trainPaths(trainDir: string) {
  return {
    metrics: join(trainDir, "metrics.jsonl"),
    adapter: join(trainDir, "adapter"),
    final: join(trainDir, "final"),
  };
}

/** The folder of what a training resumes from at this step. */
export function checkpointPath(trainDir: string, step: number): string {
  return join(trainDir, `checkpoint-${step}`);
}

/** The step of a folder's name, undefined for another folder. */
export function checkpointStep(name: string): number | undefined {
  const [, step] = /^checkpoint-(\d+)$/.exec(name) ?? [];
  return step === undefined ? undefined : Number(step);
}

export function evalPaths(evalDir: string) {
  return { samples: join(evalDir, "samples"), results: join(evalDir, "results.json") };
}

/**
 * A stage's folder; what is in it once the stage is complete (`record`); the last thing that the stage itself writes
 * (`result`), without which its outputs are not whole; and beside the folder, what was made with other inputs.
 */
export function stagePaths(
  runDir: string,
  stage: StageName,
): { folder: string; record: string; result: string; previous: string } {
  const { data, mix, train, eval: evaluation } = runPaths(runDir);
  const { folder, result } = {
    data: { folder: data, result: dataPaths(data).manifest },
    mix: { folder: mix, result: mixPaths(mix).manifest },
    finetune: { folder: train, result: trainPaths(train).final },
    eval: { folder: evaluation, result: evalPaths(evaluation).results },
  }[stage];
  return { folder, record: join(folder, "stage.json"), result, previous: `${folder}.previous` };
}
