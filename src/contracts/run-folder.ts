import { join } from "node:path";
import type { StageName } from "./events.ts";

/**
 * Where a run keeps its files:
 *
 *     runs/<name>/
 *       recipe.yaml              the recipe with all defaults filled in
 *       run.lock                 while a run writes here
 *       stages.json              the inputs that each stage's folder was started with
 *       data/                    stage.json, when the stage is complete (the same in every stage's folder)
 *         <dataset>/examples.parquet, README.md
 *         ledger.parquet         what happened to every input row
 *         manifest.json
 *       mix/
 *         train/packs.parquet
 *         validation/packs.parquet
 *         ledger.parquet         the same, with what the mix did
 *         manifest.json
 *       train/
 *         checkpoint-<step>/     to resume from
 *         metrics.jsonl
 *         adapter/               only for LoRA
 *         final/                 the tuned model
 *       eval/
 *         samples/<model>/<benchmark>.jsonl
 *         predictions/<model>/<benchmark>/<length>/<task>.jsonl
 *         answers/               of task files, so that none is asked for again
 *         plan.json              how many items each benchmark has
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

/** The packs of one split, in its folder of the mix. */
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

/** The folder of the checkpoint to resume from at this step. */
export function checkpointPath(trainDir: string, step: number): string {
  return join(trainDir, `checkpoint-${step}`);
}

/** The step in the name of a checkpoint folder; undefined for another folder. */
export function checkpointStep(name: string): number | undefined {
  const [, step] = /^checkpoint-(\d+)$/.exec(name) ?? [];
  return step === undefined ? undefined : Number(step);
}

export function evalPaths(evalDir: string) {
  return {
    samples: join(evalDir, "samples"),
    results: join(evalDir, "results.json"),
    /** As others' scorers read them, by model and benchmark. */
    /** Of task files, by respondent. */
    answers: join(evalDir, "answers"),
    /** Items of each benchmark, also in the output folder of task files. */
    plan: join(evalDir, "plan.json"),
  };
}

/** What `zebra eval --tasks` writes of one model; `task` is the name of a file, without its ending. */
export function taskPaths(modelDir: string) {
  return {
    results: join(modelDir, "results.json"),
    samples: (task: string) => join(modelDir, "samples", `${task}.jsonl`),
    /** Rows of a task that is not done, in the order of their answers. */
    running: (task: string) => join(modelDir, "running", `${task}.jsonl`),
  };
}

/**
 * A stage's folder; the record in it when the stage is complete (`record`); the last file or folder that the
 * stage itself writes (`result`); and, beside the folder, results from other inputs (`previous`).
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
