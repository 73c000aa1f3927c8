import { basename, resolve } from "node:path";
import type { Command } from "commander";
import { shippedOrLocal } from "../../package-root.ts";
import type { LabelledModel } from "../../run/state/models.ts";
import { exit, UsageError } from "../exit.ts";
import { baseHelp } from "../options/base-option.ts";
import { deviceOption } from "../options/device-option.ts";
import { refuseNoModel } from "../options/given-model.ts";
import { type OutputFlags, outputMode } from "../output/output.ts";
import { addExamples, recipeCommand } from "../recipe/recipe-command.ts";

interface EvalFlags extends OutputFlags {
  checkpoint?: string[];
  base?: string;
  device?: string;
}

/** `zebra eval`: all stages, or only the benchmarks, on checkpoints that exist already. */
export function registerEval(program: Command): void {
  const command = recipeCommand(
    program,
    "eval",
    "measure before and after, or any checkpoints",
    "Evaluate with the recipe's benchmarks: its model before and after tuning (tuned first where that " +
      "is not done), or the checkpoints named by --checkpoint, without training.",
  )
    .option(
      "--checkpoint <[label=]dir>",
      "evaluate this checkpoint instead; several times to compare. Results go to <output_dir>/compare",
      (value: string, before: string[] = []) => [...before, value],
    )
    .option("--base <dir>", `of adapters among them: ${baseHelp}`)
    .addOption(deviceOption())
    .action(async (recipePath: string, given: string[], flags: EvalFlags) => {
      const overrides = flags.device === undefined ? given : [...given, `eval.device=${flags.device}`];
      const models = flags.checkpoint && (await parseModels(flags.checkpoint, flags.base));
      if (flags.base !== undefined && !models?.some(({ base }) => base !== undefined))
        throw new UsageError("--base: expected an adapter in --checkpoint that it belongs to, got none");
      const { runRecipe } = await import("../recipe/run-recipe.ts");
      const part = models ? { models, stages: ["data", "eval"] as const } : {};
      await exit(await runRecipe({ recipePath, overrides, mode: outputMode(flags), ...part }));
    });
  addExamples(command, [
    ["zebra eval recipes/quickstart.yaml", "before and after; writes runs/quickstart/eval and report.html"],
    [
      "zebra eval recipes/quickstart.yaml --checkpoint checkpoints/zebra-nano-lcat",
      "one checkpoint as it is",
    ],
    [
      "zebra eval recipes/quickstart.yaml --checkpoint a=runs/a/train/final --checkpoint " +
        "b=runs/b/train/final",
      "two runs side by side",
    ],
    [
      "zebra eval recipes/quickstart.yaml --checkpoint runs/lora/train/adapter --base " +
        "checkpoints/zebra-nano-lcat",
      "a PEFT adapter on its base",
    ],
    ["zebra eval recipes/quickstart.yaml --device webgpu", "on a GPU"],
    ["zebra eval recipes/quickstart.yaml eval.benchmarks.0.limit=10", "fewer items of the first benchmark"],
  ]);
}

/** Parses `label=dir` or `dir`, whose last part is then the label. Adapters go on top of `base`. */
async function parseModels(values: readonly string[], base: string | undefined): Promise<LabelledModel[]> {
  const { isAdapter } = await import("../../checkpoint/model-folder.ts");
  const models: LabelledModel[] = [];
  for (const value of values) {
    const [, given, path] = /^([\w.-]+)=(.+)$/.exec(value) ?? [];
    const named = shippedOrLocal(path ?? value);
    const dir = resolve(named);
    const label = given ?? basename(dir);
    const isOnBase = await isAdapter(dir);
    const own = isOnBase && base !== undefined ? resolve(base) : undefined;
    await refuseNoModel("--checkpoint", named, own);
    if (models.some((model) => model.label === label)) {
      throw new UsageError(
        `--checkpoint ${dir}: expected a label that no other has, got ${label} again; write label=dir`,
      );
    }
    models.push({ label, dir, ...(own !== undefined && { base: own }) });
  }
  return models;
}
