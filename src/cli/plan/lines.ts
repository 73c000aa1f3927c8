import type { Recipe } from "../../contracts/recipe.ts";
import type { FinetunePlan } from "../../finetune/forecast/plan.ts";
import { formatBytes, formatCount, formatDuration } from "../../format.ts";
import { parameterCount } from "../../model/cost.ts";
import { formatTable } from "../output/format.ts";
import type { Efficiency } from "./efficiency.ts";
import type { StagePlan } from "./stages.ts";

export function modelLines({ config, trainedParameters }: FinetunePlan): string[] {
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

export function efficiencyLines(rows: readonly Efficiency[]): string[] {
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

const unknown = "not known until data";

const counted = (count: number | null): string => (count === null ? unknown : formatCount(count));

export function finetuneLines(forecast: FinetunePlan, processBytes: number): string[] {
  const { packs, steps, worst, seconds, memory, disk } = forecast;
  const parts = (["weights", "optimizer", "activations", "programs"] as const).map(
    (part) => `${part} ${formatBytes(memory[part])}`,
  );
  const source = packs.isMeasured ? "those of this recipe's mix" : "assumed, see below";
  const duration = (s: number | null): string => (s === null ? unknown : formatDuration(1000 * s));
  return [
    packs.count === null
      ? `packs     ${unknown} (assumed of ${formatCount(worst.tokens)} tokens, see below)`
      : `packs     ${formatCount(packs.count)} with ${counted(packs.tokens)} tokens, ` +
        `${counted(packs.supervisedTokens)} supervised (${source})`,
    `memory    about ${formatBytes(memory.total + processBytes)}, within 10 %, at the worst pack ` +
      `(${formatCount(worst.tokens)} tokens):`,
    `          ${parts.join(", ")}, process ${formatBytes(processBytes)}`,
    `          (counted by the training's own code on a device that computes nothing)`,
    `compute   ${forecast.flops === null ? unknown : formatFlops(forecast.flops)} in ${counted(steps)} steps`,
    `time      ${duration(seconds.step)} a step, ${duration(seconds.training)} for training and ` +
      `${duration(seconds.validation)} for validation on ${forecast.device}`,
    `          (from layers, head and optimizer run here for ${duration(seconds.calibration)}: true while ` +
      "nothing else runs)",
    `disk      ${formatBytes(disk.end)} under train/ at the end, ` +
      `${formatBytes(disk.most)} at most while it trains`,
  ];
}

/** How long a whole run takes, stage by stage. */
export function stageLines(stages: readonly StagePlan[], forecast: FinetunePlan, recipe: Recipe): string[] {
  const { training, validation } = forecast.seconds;
  const rows = stages.map(({ stage, isDone, lastMs }) => {
    if (isDone) return [stage, "done", `it took ${formatDuration(lastMs ?? 0)}`];
    if (stage === "finetune") {
      const { steps, validations } = forecast;
      const time = training === null ? unknown : formatDuration(1000 * (training + (validation ?? 0)));
      const work = `${counted(steps)} steps, ${counted(validations)} validations`;
      return [
        stage,
        time,
        training !== null && validation === null ? `${work}, whose time is ${unknown}` : work,
      ];
    }
    const last = lastMs === null ? "" : `; with other inputs it took ${formatDuration(lastMs)}`;
    return [stage, "not known", `${workOf(stage, recipe)}${last}`];
  });
  return formatTable(["stage", "time", "of what"], rows, 3);
}

function workOf(stage: StagePlan["stage"], { data, eval: { benchmarks } }: Recipe): string {
  switch (stage) {
    case "data": {
      const { length } = data.datasets;
      return `${formatCount(length)} ${length === 1 ? "dataset" : "datasets"}, whose size is ${unknown}`;
    }
    case "mix":
      return "tokens and packs of what data keeps";
    case "eval":
      return `${benchmarks.length} benchmarks, each model asked; how many questions: ${unknown}`;
    default:
      return "";
  }
}

/** `1.25 TFLOP`. */
function formatFlops(flops: number): string {
  const units = ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP"];
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(flops, 1)) / 3)));
  return `${(flops / 1000 ** unit).toPrecision(3)} ${units[unit]}`;
}
