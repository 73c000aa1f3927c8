/** The public library. The command is a thin layer over it. */
export { openCheckpoint, writeCheckpoint } from "./checkpoint/checkpoint.ts";
export { loadModel } from "./checkpoint/load-model.ts";
export { openSafetensors, writeSafetensors } from "./checkpoint/safetensors/safetensors.ts";
export type { Emit, RunEvent } from "./contracts/events.ts";
export type { Example, Message, Tool, ToolCall } from "./contracts/example.ts";
export type { Pack } from "./contracts/pack.ts";
export type { Recipe } from "./contracts/recipe.ts";
export { readExamples } from "./datasets/folder/data-folder.ts";
export * from "./errors.ts";
export { openPacks } from "./mixing/packs/pack-store.ts";
export type { GenerateOptions, GenerateResult, Prefix, Sampling, ZebraModel } from "./model/api.ts";
export { formatConfig, parseConfig, toZebra, type ZebraConfig } from "./model/config/config.ts";
export { runPipeline } from "./run/pipeline.ts";
export { loadRecipe } from "./run/recipe/load-recipe.ts";
export { startRun } from "./run/start.ts";
export { renderChat, renderPrompt } from "./tokenizer/chat/chat.ts";
export { loadTokenizer, type Tokenizer } from "./tokenizer/tokenizer.ts";
