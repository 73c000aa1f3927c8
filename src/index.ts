/** The library: what the command is a thin skin of. */
export { openCheckpoint, writeCheckpoint } from "./checkpoint/checkpoint.ts";
export { openSafetensors, writeSafetensors } from "./checkpoint/safetensors.ts";
export type { Example, Message, Tool, ToolCall } from "./datasets/example.ts";
export { readExamples } from "./datasets/store.ts";
export * from "./errors.ts";
export type { Pack } from "./mixing/pack.ts";
export { openPacks } from "./mixing/store.ts";
export type { GenerateOptions, GenerateResult, Prefix, ZebraModel } from "./model/api.ts";
export { formatConfig, parseConfig, toZebra, type ZebraConfig } from "./model/config.ts";
export { loadModel } from "./model/load.ts";
export type { Sampling } from "./model/sampling.ts";
export { loadRecipe } from "./recipe/load.ts";
export type { Recipe } from "./recipe/recipe.ts";
export type { Emit, RunEvent } from "./run/events.ts";
export { runPipeline } from "./run/pipeline.ts";
export { startRun } from "./run/start.ts";
export { renderChat, renderPrompt } from "./tokenizer/chat.ts";
export { loadTokenizer, type Tokenizer } from "./tokenizer/tokenizer.ts";
