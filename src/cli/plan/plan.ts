import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Recipe } from "../../contracts/recipe.ts";
import { mixPaths, runPaths } from "../../contracts/run-folder.ts";
import { runBytes } from "../../finetune/forecast/memory.ts";
import { planFinetune } from "../../finetune/forecast/plan.ts";
import { parameterCount } from "../../model/cost.ts";
import { loadRecipe } from "../../run/recipe/load-recipe.ts";
import { recipeWarnings } from "../../run/recipe/recipe-warnings.ts";
import { writeNote } from "../output/note.ts";
import { efficiencyOf } from "./efficiency.ts";
import { efficiencyLines, finetuneLines, modelLines, stageLines } from "./lines.ts";
import { stagePlans } from "./stages.ts";

/** Prints the plan of a recipe. Throws ConfigError, CheckpointError, UnusableDevice. */
export async function plan(
  recipePath: string,
  overrides: readonly string[],
  { isJson, writeLine }: { isJson: boolean; writeLine: (line: string) => void },
): Promise<void> {
  const recipe = await loadRecipe(recipePath, overrides, writeNote);
  const runDir = resolve(recipe.output_dir);
  const warnings = await recipeWarnings(recipe);
  const stages = await stagePlans(recipe, runDir);
  // Measured before the calibration, which needs memory too.
  const processBytes = process.memoryUsage.rss() + runBytes;
  const { mix } = runPaths(runDir);
  const isMixed = stages.some(({ stage, isDone }) => stage === "mix" && isDone);
  const forecast = await planFinetune(recipe, isMixed ? mix : null);
  const notes = notesOf(recipe, forecast.device, isMixed, existsSync(mixPaths(mix).manifest));
  const efficiency = efficiencyOf(forecast, recipe.mix.max_seq_tokens);
  if (isJson) {
    const parameters = parameterCount(forecast.config);
    const totalBytes = forecast.memory.total + processBytes;
    writeLine(
      JSON.stringify({
        ...forecast,
        ...{ processBytes, totalBytes, parameters, efficiency, stages, notes, warnings },
      }),
    );
    return;
  }
  for (const line of [
    ...modelLines(forecast),
    "",
    ...efficiencyLines(efficiency),
    "",
    ...finetuneLines(forecast, processBytes),
    "",
    ...stageLines(stages, forecast, recipe),
    ...[...forecast.packs.assumptions, ...notes].map(
      (text, i) => `${i === 0 ? "\nassumed   " : "          "}${text}`,
    ),
    ...warnings.map((text) => `\nwarning   ${text}`),
  ])
    writeLine(line);
}

/** What the plan could not know, and why. */
function notesOf({ output_dir }: Recipe, device: string, isMixed: boolean, isOtherMix: boolean): string[] {
  const notes: string[] = [];
  if (!isMixed) {
    notes.push(
      isOtherMix
        ? `the packs in ${output_dir}/mix are of another recipe or other files, and are not looked at`
        : "there are no packs yet",
      "zebra mix with this recipe makes them: the plan is exact then",
    );
  }
  if (device !== "cpu") notes.push("memory is the host's, of the device cpu; a GPU has its own");
  return notes;
}
