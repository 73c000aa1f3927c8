import { resolve } from "node:path";
import { runBytes } from "../finetune/forecast/forecast.ts";
import { type FinetunePlan, planFinetune } from "../finetune/forecast/plan.ts";
import { formatBytes, formatCount, formatDuration } from "../format.ts";
import { cacheBytes, cacheRows, forwardCost, parameterCount, withFullAttention } from "../model/cost.ts";
import { loadRecipe } from "../run/recipe/load-recipe.ts";
import { formatTable } from "./output/format.ts";
import { writeNote } from "./output/note.ts";

/** Context lengths of the efficiency table: those of the paper, and the recipe's own. */
const lengths = [1024, 2048, 4096, 8192, 16384];

/** Prints the plan of a recipe. Throws ConfigError, CheckpointError, UnusableDevice. */
export async function plan(
  recipePath: string,
  overrides: readonly string[],
  { isJson, writeLine }: { isJson: boolean; writeLine: (line: string) => void },
): Promise<void> {
  const recipe = await loadRecipe(recipePath, overrides, writeNote);
  // Measured before the calibration, which needs memory too.
  const processBytes = process.memoryUsage.rss() + runBytes;
  const forecast = await planFinetune(recipe, resolve(recipe.output_dir));
  const efficiency = efficiencyOf(forecast, recipe.mix.max_seq_tokens);
  if (isJson) {
    writeLine(
      JSON.stringify({ ...forecast, processBytes, parameters: parameterCount(forecast.config), efficiency }),
    );
    return;
  }
  for (const line of [
    ...modelLines(forecast),
    "",
    ...efficiencyLines(efficiency),
    "",
    ...forecastLines(forecast, processBytes),
  ])
    writeLine(line);
}

interface Efficiency {
  tokens: number;
  /** Of a forward pass with the output head on every token. */
  flops: number;
  flopsOfFull: number;
  /** Attention scores alone, as a share of full attention's. */
  scores: number;
  /** Rows of the key-value cache, as a share of full attention's. */
  cache: number;
  cacheBytes: number;
}

function efficiencyOf({ config }: FinetunePlan, maxTokens: number): Efficiency[] {
  const full = withFullAttention(config);
  return [...new Set([...lengths, maxTokens])]
    .sort((a, b) => a - b)
    .map((tokens) => {
      const [ours, theirs] = [forwardCost(config, [tokens], tokens), forwardCost(full, [tokens], tokens)];
      return {
        tokens,
        flops: ours.linear + ours.scores + ours.head,
        flopsOfFull: theirs.linear + theirs.scores + theirs.head,
        scores: ours.scores / theirs.scores,
        cache: cacheRows(config, tokens) / cacheRows(full, tokens),
        cacheBytes: cacheBytes(config, tokens),
      };
    });
}

function modelLines({ config, trainedParameters }: FinetunePlan): string[] {
  const { embedding, layers, total } = parameterCount(config);
  const global = config.layer_types.filter((type) => type === "full_attention").length;
  const window = config.layer_types.length > global ? `, window ${config.sliding_window}` : "";
  return [
    `model     ${formatCount(total)} parameters: ${formatCount(layers)} in ${config.num_hidden_layers} ` +
      `layers, ${formatCount(embedding)} in the vocabulary`,
    `          ${global} global and ${config.num_hidden_layers - global} local layers${window}; ` +
      `${formatCount(trainedParameters)} parameters are trained`,
  ];
}

function efficiencyLines(rows: readonly Efficiency[]): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const cells = rows.map((row) => [
    formatCount(row.tokens),
    formatFlops(row.flops),
    formatFlops(row.flopsOfFull),
    percent(row.flops / row.flopsOfFull),
    percent(row.scores),
    percent(row.cache),
    formatBytes(row.cacheBytes),
  ]);
  return formatTable(
    ["tokens", "forward", "full attention", "of it", "scores", "cache", "cache size"],
    cells,
    0,
  );
}

function forecastLines(forecast: FinetunePlan, processBytes: number): string[] {
  const { packs, steps, worst, seconds, isMeasured } = forecast;
  const { memory } = worst;
  const parts = (["weights", "optimizer", "activations", "working"] as const).map(
    (part) => `${part} ${formatBytes(memory[part])}`,
  );
  const source = isMeasured
    ? "the packs of this run"
    : "no packs yet: full packs of one document are assumed, a quarter of it supervised";
  return [
    `packs     ${formatCount(packs.count)} with ${formatCount(packs.tokens)} tokens, ` +
      `${formatCount(packs.supervisedTokens)} supervised (${source})`,
    `memory    about ${formatBytes(memory.total + processBytes)} at the worst pack ` +
      `(${formatCount(worst.tokens)} tokens): ${parts.join(", ")}, process ${formatBytes(processBytes)}`,
    `compute   ${formatFlops(forecast.flops)} in ${formatCount(steps)} steps`,
    `time      ${formatDuration(seconds.step * 1000)} a step, ` +
      `${formatDuration(seconds.training * 1000)} for training and ` +
      `${formatDuration(seconds.validation * 1000)} for validation on ${forecast.device} (calibrated ` +
      `in ${formatDuration(seconds.calibration * 1000)})`,
  ];
}

/** `1.25 TFLOP`. */
function formatFlops(flops: number): string {
  const units = ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP"];
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(flops, 1)) / 3)));
  return `${(flops / 1000 ** unit).toPrecision(3)} ${units[unit]}`;
}
