/**
 * The public library; docs/library.md shows it at work. What a recipe does from the command line, these calls
 * do from a program: nothing is printed, no signal is caught, and the process is never ended.
 */

export { openCheckpoint, writeCheckpoint } from "./checkpoint/checkpoint.ts";
export { openSafetensors, writeSafetensors } from "./checkpoint/safetensors/safetensors.ts";
export type { RunEvent, StageName } from "./contracts/events.ts";
export type { Example, Message, Tool, ToolCall } from "./contracts/example.ts";
export type { Pack } from "./contracts/pack.ts";
export type { Recipe } from "./contracts/recipe.ts";
export { type DataManifest, readExamples } from "./datasets/folder/data-folder.ts";
export * from "./errors.ts";
export type { Results } from "./eval/results/results.ts";
export type { TrainingMetric } from "./finetune/metrics/metrics.ts";
export { checkRecipe, defineRecipe } from "./library/define-recipe.ts";
export { type Answer, type GenerateOptions, loadModel, type Model, type TextScore } from "./library/model.ts";
export type { RecipeInput } from "./library/recipe/recipe.ts";
export type { RunOptions, RunReport, StageReport } from "./library/run.ts";
export type { RunFiles } from "./library/run-files.ts";
export {
  type DataResult,
  data,
  type EvaluateOptions,
  type EvaluateResult,
  evaluate,
  type FinetuneResult,
  finetune,
  type MixResult,
  mix,
  type RunResult,
  run,
  runEvents,
} from "./library/stages.ts";
export type { MixManifest } from "./mixing/manifest.ts";
export { openPacks } from "./mixing/packs/pack-store.ts";
