import { basename, resolve } from "node:path";
import type { Command } from "commander";
import type { DeviceSpec } from "../../contracts/recipe.ts";
import { shippedOrLocal } from "../../package-root.ts";
import type { LabelledModel } from "../../run/state/models.ts";
import { addTaskOptions, refuseTaskFlags, type TaskFlags } from "../eval-tasks/task-options.ts";
import { registerView } from "../eval-view/register-view.ts";
import { exit, exitCode, UsageError } from "../exit.ts";
import { baseHelp } from "../options/base-option.ts";
import { deviceOption } from "../options/device-option.ts";
import { refuseNoModel } from "../options/given-model.ts";
import { type OutputFlags, outputMode } from "../output/output.ts";
import { addExamples, recipeCommand } from "../recipe/recipe-command.ts";

interface EvalFlags extends OutputFlags, TaskFlags {
  checkpoint?: string[];
  base?: string;
  device?: string;
}

/**
 * `zebra eval`: all stages, or only the benchmarks, on checkpoints that exist already; task files of
 * lm-evaluation-harness without a recipe.
 */
export function registerEval(program: Command): void {
  const command = recipeCommand(
    program,
    "eval",
    "measure before and after, or any checkpoints",
    "Evaluate with the recipe's benchmarks: its model before and after tuning (tuned first where that " +
      "is not done), or the checkpoints named by --checkpoint, without training. With --tasks and " +
      "without a recipe: task files of lm-evaluation-harness, asked and scored as its version 0.4.13 does.",
    { isRecipeOptional: true },
  )
    .option(
      "--checkpoint <[label=]dir>",
      "evaluate this checkpoint instead; several times to compare. Results go to <output_dir>/compare",
      (value: string, before: string[] = []) => [...before, value],
    )
    .option("--base <dir>", `of adapters among them: ${baseHelp}`)
    .addOption(deviceOption())
    .action(async (recipePath: string | undefined, given: string[], flags: EvalFlags) => {
      const models = flags.checkpoint && (await parseModels(flags.checkpoint, flags.base));
      if (flags.base !== undefined && !models?.some(({ base }) => base !== undefined))
        throw new UsageError("--base: expected an adapter in --checkpoint that it belongs to, got none");
      if (flags.tasks !== undefined) await exit(await tasksOnly(recipePath, flags, models));
      refuseTaskFlags(flags);
      if (recipePath === undefined)
        throw new UsageError("eval: expected a recipe, or --tasks with --checkpoint, got neither");
      const overrides = flags.device === undefined ? given : [...given, `eval.device=${flags.device}`];
      const { runRecipe } = await import("../recipe/run-recipe.ts");
      const part = models ? { models, stages: ["data", "eval"] as const } : {};
      await exit(await runRecipe({ recipePath, overrides, mode: outputMode(flags), ...part }));
    });
  addTaskOptions(command);
  // What follows a subcommand's name is the subcommand's: both have --json.
  command.enablePositionalOptions();
  registerCoverage(command);
  registerView(command);
  registerTasks(command);
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
    [
      "zebra eval --tasks arc_easy,hellaswag --checkpoint runs/quickstart/train/final --limit 100",
      "tasks that ship, on the first 100 rows of each",
    ],
    [
      "zebra eval --tasks gsm8k --endpoint url=https://api.openai.com/v1 model=gpt-5-mini kind=chat max_cost=1 " +
        "price_per_million_tokens='{input: 0.25, output: 2}' --apply-chat-template",
      "a model behind an OpenAI-compatible server; the key is read from OPENAI_API_KEY",
    ],
    [
      "zebra eval --tasks mine.yaml --include-path tasks --checkpoint before=checkpoints/zebra-nano-4k " +
        "--checkpoint after=runs/quickstart/train/final",
      "a task file of one's own, two checkpoints side by side",
    ],
    ["zebra eval recipes/quickstart.yaml eval.benchmarks.0.limit=10", "fewer items of the first benchmark"],
  ]);
}

/** Task files without a recipe. Gives the exit code. */
async function tasksOnly(
  recipePath: string | undefined,
  flags: EvalFlags,
  models: LabelledModel[] | undefined,
): Promise<number> {
  if (recipePath !== undefined)
    throw new UsageError(
      `--tasks: expected no recipe beside it, got ${recipePath}. In a recipe write eval.tasks`,
    );
  if (!models && !flags.endpoint)
    throw new UsageError("--tasks: expected --checkpoint or --endpoint, whom to ask, got neither");
  const { evalTasks } = await import("../eval-tasks/eval-tasks.ts");
  const device = (flags.device ?? "auto") as DeviceSpec;
  const { plain: _, json: __, checkpoint: ___, ...own } = flags;
  return evalTasks({ ...own, tasks: flags.tasks!, models: models ?? [], device }, outputMode(flags));
}

/** `zebra eval coverage`: which task files of a checkout run here. */
function registerCoverage(command: Command): void {
  command
    .command("coverage")
    .summary("which task files in a folder run, and why others do not")
    .description(
      "Walk a folder of task files, as a checkout of lm-evaluation-harness has, and say of each whether it runs " +
        "here, or why not. Nothing of it is run, and no dataset is read.",
    )
    .argument("<dir>", "folder with task files")
    .option("--json", "every file with its reason as JSON")
    .action(async (dir: string, flags: { json?: boolean }) => {
      const { coverageLines } = await import("../eval-tasks/coverage.ts");
      for (const line of coverageLines(resolve(dir), flags)) process.stdout.write(`${line}\n`);
      await exit(exitCode.ok);
    });
}

/** `zebra eval tasks`: the tasks that ship. */
function registerTasks(command: Command): void {
  command
    .command("tasks")
    .summary("the tasks that ship with zebratune")
    .description(
      "List the tasks that ship: what they measure, their metrics, rows and licences; or say more of one. Their " +
        "datasets are fetched from the Hub when they are asked, or read from a folder with --data.",
    )
    .argument("[name]", "a task or group")
    .option("--json", "as JSON")
    .action(async (name: string | undefined, flags: { json?: boolean }) => {
      const { shippedLines } = await import("../eval-tasks/shipped-lines.ts");
      for (const line of shippedLines(name, flags)) process.stdout.write(`${line}\n`);
      await exit(exitCode.ok);
    });
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
