import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Recipe } from "../../contracts/recipe.ts";
import { evalPaths, runPaths } from "../../contracts/run-folder.ts";
import type { Results } from "../../eval/results/results.ts";
import { formatValue } from "../../format.ts";
import { loadRecipe } from "../../run/recipe/load-recipe.ts";
import { inputHash } from "../../run/state/input-hash.ts";
import { completeRecord, copyStage } from "../../run/state/record.ts";
import { exitCode, UsageError } from "../exit.ts";
import { formatTable } from "../output/format.ts";
import { type RunRecipeOptions, runRecipe } from "./run-recipe.ts";

/** One key and the values to try in turn. */
export interface Sweep {
  key: string;
  values: string[];
}

/** Parses `mix.long_fraction=0,0.2,0.4`. Throws UsageError for anything else. */
export function parseSweep(text: string): Sweep {
  const [, key, list] = /^([\w.-]+)=(.+)$/.exec(text) ?? [];
  const values = list?.split(",").map((value) => value.trim()) ?? [];
  if (key === undefined || values.length < 2 || values.some((value) => !/^[\w.+-]+$/.test(value))) {
    throw new UsageError(`--sweep ${text}: expected key.path=value,value,… with at least two values`);
  }
  if (new Set(values).size < values.length)
    throw new UsageError(`--sweep ${text}: expected different values, got one twice`);
  return { key, values };
}

/**
 * Runs a recipe once for each value, in `<output_dir>-<value>`, and compares the results. Data that do not
 * depend on the key are made once and copied. All recipes are checked before the first run. Stops at the
 * first run that does not succeed and returns its exit code; the same command continues from there.
 */
export async function runSweep(
  options: RunRecipeOptions,
  { key, values }: Sweep,
  writeLine: (line: string) => void,
): Promise<number> {
  const base = await loadRecipe(options.recipePath, options.overrides);
  const runs: { value: string; overrides: string[]; recipe: Recipe; dir: string }[] = [];
  for (const value of values) {
    const overrides = [...options.overrides, `${key}=${value}`, `output_dir=${base.output_dir}-${value}`];
    const recipe = await loadRecipe(options.recipePath, overrides);
    runs.push({ value, overrides, recipe, dir: resolve(recipe.output_dir) });
  }
  for (const { value, overrides, recipe, dir } of runs) {
    const hash = await inputHash("data", recipe);
    await shareData(
      runs.map((one) => one.dir),
      dir,
      hash,
    );
    if (options.mode !== "json") writeLine(`\n${key} = ${value}: ${recipe.output_dir}`);
    const code = await runRecipe({ ...options, overrides, isFollowed: true });
    if (code !== exitCode.ok) return code;
  }
  if (options.mode !== "json") {
    writeLine("");
    for (const line of sweepTable(key, runs)) writeLine(line);
  }
  return exitCode.ok;
}

/** Copies data with these inputs to `dir` from one of the folders that has them, unless `dir` has them. */
export async function shareData(folders: readonly string[], dir: string, hash: string): Promise<void> {
  for (const other of folders) {
    if (other === dir || (await completeRecord(dir, "data", hash))) continue;
    if (await completeRecord(other, "data", hash)) await copyStage(other, dir, "data", hash);
  }
}

/**
 * The figures of every benchmark over all its items, for the model that each run made. One column for each
 * value.
 */
export function sweepTable(key: string, runs: readonly { value: string; dir: string }[]): string[] {
  const rows = new Map<string, { name: string[]; cells: string[] }>();
  for (const [k, { dir }] of runs.entries()) {
    const path = evalPaths(runPaths(dir).eval).results;
    if (!existsSync(path)) continue;
    const { models, results } = JSON.parse(readFileSync(path, "utf8")) as Results;
    for (const { model, benchmark, slice, metric, value } of results) {
      if (model !== models.at(-1)?.label || slice !== "") continue;
      const id = `${benchmark} ${metric}`;
      const row = rows.get(id) ?? { name: [benchmark, metric], cells: runs.map(() => "–") };
      rows.set(id, row);
      row.cells[k] = formatValue(value);
    }
  }
  const header = ["benchmark", "metric", ...runs.map(({ value }) => `${key.split(".").at(-1)} ${value}`)];
  return formatTable(
    header,
    [...rows.values()].map(({ name, cells }) => [...name, ...cells]),
    2,
  );
}
