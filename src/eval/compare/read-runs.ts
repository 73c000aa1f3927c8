import { basename } from "node:path";
import type { Recipe } from "../../contracts/recipe.ts";
import { evalPaths, runPaths } from "../../contracts/run-folder.ts";
import { DataError } from "../../errors.ts";
import { benchmarkNames, type Results } from "../results/results.ts";
import { readSamples, type SampleLine, samplesPath } from "../results/samples.ts";
import { readRunFacts } from "../run-facts.ts";
import { costOf } from "../verdict/cost.ts";

/** A model of a run, with all that it was asked. */
export interface Entry {
  name: string;
  runDir: string;
  /** Its label in the results of its run. */
  label: string;
  results: Results;
  /** By benchmark. */
  lines: Map<string, SampleLine[]>;
  recipe: Recipe | undefined;
  cost: string;
}

/**
 * The model that each run ends with. Where all of them begin with the same one, it is the first entry. Throws
 * DataError for a folder without an evaluation. `names` are for people; default: the folders' own.
 */
export async function readRuns(
  runDirs: readonly string[],
  names: readonly string[] = distinctNames(runDirs),
): Promise<Entry[]> {
  const entries: Entry[] = [];
  const bases: Entry[] = [];
  for (const [i, runDir] of runDirs.entries()) {
    const facts = await readRunFacts(runDir);
    const { results, recipe } = facts;
    const path = evalPaths(runPaths(runDir).eval).results;
    if (!results) {
      throw new DataError(
        `${path}: expected the results of an evaluation, got no such file. Run \`zebra eval\` there first.`,
      );
    }
    const common = { runDir, results, recipe, cost: costOf(facts).text };
    const read = (label: string) => readLines(runPaths(runDir).eval, label, results);
    const [first, last] = [results.models[0], results.models.at(-1)];
    if (!first || !last) throw new DataError(`${path}: expected a model that was evaluated, got none`);
    entries.push({ ...common, name: names[i]!, label: last.label, lines: await read(last.label) });
    if (first !== last) {
      bases.push({
        ...common,
        name: first.label,
        label: first.label,
        lines: await read(first.label),
        ...{ cost: "", recipe: undefined },
      });
    }
  }
  const hashOf = ({ results }: Entry): string => results.models[0]!.sha256;
  const isShared = bases.length === entries.length && new Set(bases.map(hashOf)).size === 1;
  return isShared ? [bases[0]!, ...entries] : entries;
}

async function readLines(
  evalDir: string,
  label: string,
  results: Results,
): Promise<Map<string, SampleLine[]>> {
  const lines = new Map<string, SampleLine[]>();
  for (const name of benchmarkNames(results)) {
    const own = (await readSamples(samplesPath(evalDir, label, name))).lines;
    if (own.length > 0) lines.set(name, own);
  }
  return lines;
}

/** The folders' names, or as many of their last parts as tell them apart. */
export function distinctNames(runDirs: readonly string[]): string[] {
  const parts = runDirs.map((dir) => dir.split(/[\\/]/).filter(Boolean));
  for (let count = 1; count < 8; count++) {
    const names = parts.map((one) => one.slice(-count).join("/"));
    if (new Set(names).size === names.length) return names;
  }
  return runDirs.map((dir, i) => `${i + 1} ${basename(dir)}`);
}

/** Keys of the recipes that not all entries have alike, with each one's value as text. */
export function recipeDifferences(entries: readonly Entry[]): { key: string; values: string[] }[] {
  const flat = entries.map(({ recipe }) => new Map(recipe ? leaves(recipe, "") : []));
  const keys = [...new Set(flat.flatMap((one) => [...one.keys()]))];
  return keys
    .filter((key) => key !== "name" && key !== "output_dir")
    .map((key) => ({ key, values: flat.map((one) => one.get(key) ?? "–") }))
    .filter(({ values }) => new Set(values.filter((_, i) => entries[i]!.recipe)).size > 1);
}

function leaves(value: unknown, path: string): [string, string][] {
  if (value === null || typeof value !== "object") return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, own]) => leaves(own, path === "" ? key : `${path}.${key}`));
}
