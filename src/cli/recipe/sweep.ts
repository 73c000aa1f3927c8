import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Recipe } from "../../contracts/recipe.ts";
import { evalPaths, runPaths } from "../../contracts/run-folder.ts";
import { comparePage } from "../../eval/compare/compare-page.ts";
import { compareEntries } from "../../eval/compare/compare-runs.ts";
import { readRuns } from "../../eval/compare/read-runs.ts";
import { writeFileAtomic } from "../../files.ts";
import { loadRecipe } from "../../run/recipe/load-recipe.ts";
import { inputHash } from "../../run/state/input-hash.ts";
import { completeRecord, copyStage } from "../../run/state/record.ts";
import { exitCode, UsageError } from "../exit.ts";
import { compareLines } from "../output/compare-lines.ts";
import { writeNote } from "../output/note.ts";
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
  const base = await loadRecipe(options.recipePath, options.overrides, writeNote);
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
  const page = `${base.output_dir}-sweep.html`;
  const lines = await sweepLines(key, runs, resolve(page));
  if (options.mode !== "json") {
    for (const line of ["", ...lines]) writeLine(line);
    if (existsSync(page)) writeLine(`\npage  ${page}`);
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

/** The runs side by side, as lines and as a page; runs without an evaluation are left out and named. */
export async function sweepLines(
  key: string,
  runs: readonly { value: string; dir: string }[],
  page: string,
): Promise<string[]> {
  const evaluated = runs.filter(({ dir }) => existsSync(evalPaths(runPaths(dir).eval).results));
  const left = runs.filter((run) => !evaluated.includes(run)).map(({ value }) => `${key} = ${value}`);
  const without = left.length === 0 ? [] : [`without an evaluation: ${left.join(", ")}`];
  if (evaluated.length < 2) return without;
  const name = key.split(".").at(-1);
  const entries = await readRuns(
    evaluated.map(({ dir }) => dir),
    evaluated.map(({ value }) => `${name} ${value}`),
  );
  const compared = compareEntries(entries);
  await writeFileAtomic(page, comparePage(entries, compared));
  return [...compareLines(entries, compared), ...without];
}
