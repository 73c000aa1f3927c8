import { splits } from "../../contracts/example.ts";
import type { DatasetSpec, Recipe } from "../../contracts/recipe.ts";
import { benchmarkProblems } from "../../eval/benchmark-problems.ts";
import { taskProblems } from "../../eval/tasks/recipe-tasks.ts";
import { type KnownOptions, namedAt, namedProblems } from "../../recipe/named.ts";
import { suggestion } from "../../recipe/nearest.ts";
import type { Problem } from "../../recipe/validate.ts";
import { fieldsProblems } from "./check-fields.ts";
import { checkModel } from "./check-model.ts";
import { checkRenders } from "./check-renders.ts";
import { checkTemplate } from "./check-template.ts";
import { missing } from "./missing.ts";
import { hubId, nearestPath, notHome } from "./near-path.ts";

/** What a recipe may refer to: the entries of each catalog, with the options that they take. */
export interface Known {
  datasets: KnownOptions;
  formats: KnownOptions;
  filters: KnownOptions;
  builders: KnownOptions;
  benchmarks: KnownOptions;
  scorers: readonly string[];
  optimizers: KnownOptions;
}

/**
 * What a schema cannot say: fields that exclude or need each other, names that must exist, files that must be
 * there.
 */
export async function crossCheck(recipe: Recipe, known: Known): Promise<Problem[]> {
  return [
    ...(await checkModel(recipe.model)),
    ...(await checkTemplate(recipe)),
    ...(await Promise.all(recipe.data.datasets.map((dataset, i) => checkDataset(dataset, i, known)))).flat(),
    ...checkOutput(recipe),
    ...checkNames(recipe),
    ...checkFilters(recipe, known),
    ...(await checkDecontaminate(recipe)),
    ...benchmarkProblems(recipe.eval.benchmarks, known.benchmarks, known.scorers),
    ...(await checkTestSets(recipe, known)),
    ...(await taskProblems(recipe.eval)).map((message) => ({ path: ["eval", "tasks"], message })),
    ...checkShares(recipe),
    ...checkBudget(recipe),
    ...checkMethod(recipe),
    ...checkOptimizer(recipe, known),
    ...(await checkRenders(recipe)),
  ];
}

/** A run would be in a folder that is called `~`. */
function checkOutput({ output_dir }: Recipe): Problem[] {
  const home = notHome(output_dir);
  return home === undefined
    ? []
    : [{ path: ["output_dir"], message: `expected a folder, got ${output_dir}; ${home}` }];
}

async function checkDataset(dataset: DatasetSpec, index: number, known: Known): Promise<Problem[]> {
  const path = ["data", "datasets", index];
  const problems: Problem[] = [];
  const add = (key: string, message: string) => problems.push({ path: [...path, key], message });
  const kinds = (["catalog", "path", "hub"] as const).filter((key) => dataset[key] !== undefined);
  const [kind, second] = kinds;
  if (kind === undefined) return [{ path, message: "expected catalog, path or hub, got none of them" }];
  if (second !== undefined) {
    add(second, `expected one of catalog, path and hub, got ${kinds.join(" and ")}`);
    return problems;
  }
  const { options, build, format } = dataset;
  const optionsAt = [...path, "options"];
  if (dataset.catalog !== undefined) {
    const at = { name: [...path, "catalog"], options: optionsAt };
    const named = { what: "catalog entry", name: dataset.catalog, options, at };
    problems.push(...namedProblems(named, known.datasets));
  }
  if (dataset.path !== undefined && format !== undefined && dataset.fields === undefined) {
    const at = { name: [...path, "format"], options: optionsAt };
    problems.push(...namedProblems({ what: "format", name: format, options, at }, known.formats));
  }
  if (build !== undefined)
    problems.push(...namedProblems(namedAt("builder", build, [...path, "build"]), known.builders));
  if (dataset.path !== undefined) {
    const got = await missing(dataset.path, dataset.path, true);
    if (got)
      add("path", `expected a file or folder, got ${got} at ${dataset.path}${await elsewhere(dataset.path)}`);
  }
  for (const [key, kinds] of Object.entries(belongsTo)) {
    if (dataset[key as keyof DatasetSpec] === undefined || kinds.includes(kind)) continue;
    add(key, `expected ${key} beside ${kinds.join(" or ")} only, got it beside ${kind}`);
  }
  if (dataset.data_files !== undefined && dataset.split !== undefined)
    add("split", "expected data_files or split, got both: data_files say already what is read");
  if (kind === "path" && dataset.split !== undefined && !splits.some((split) => split === dataset.split))
    add("split", `expected one of ${splits.join(", ")} beside path, got ${dataset.split}`);
  if (dataset.fields !== undefined && dataset.format !== undefined)
    add("format", "expected fields or format, got both: fields say the form already");
  for (const { key, message } of fieldsProblems(dataset.fields))
    problems.push({ path: [...path, "fields", ...(key === "" ? [] : [key])], message });
  return problems;
}

/** Where a source is that is not at this path, as far as it can be told. */
async function elsewhere(path: string): Promise<string> {
  const near = await nearestPath(path);
  if (near !== "") return near;
  const hub = await hubId(path);
  return hub === null ? "" : `. For a dataset of the Hugging Face Hub write hub: ${hub}`;
}

/** Test sets of one's own are files as those of a dataset. */
async function checkTestSets({ eval: { benchmarks } }: Recipe, known: Known): Promise<Problem[]> {
  const found = benchmarks.map(async (spec, i): Promise<Problem[]> => {
    if (spec.path === undefined) return [];
    const at = ["eval", "benchmarks", i];
    const { path, format, fields, options } = spec;
    const got = await missing(path, path, true);
    const near = got && (await nearestPath(path));
    return [
      ...(got
        ? [{ path: [...at, "path"], message: `expected a file or folder, got ${got} at ${path}${near}` }]
        : []),
      ...(format === undefined || fields !== undefined
        ? []
        : namedProblems(
            {
              what: "format",
              name: format,
              options,
              at: { name: [...at, "format"], options: [...at, "options"] },
            },
            known.formats,
          )),
      ...fieldsProblems(fields).map(({ key, message }) => ({
        path: [...at, "fields", ...(key === "" ? [] : [key])],
        message,
      })),
    ];
  });
  return (await Promise.all(found)).flat();
}

async function checkDecontaminate({ data }: Recipe): Promise<Problem[]> {
  const files = data.curate?.decontaminate?.files ?? [];
  const found = await Promise.all(files.map((path) => missing(path, path, true)));
  return files.flatMap((path, i) => {
    const message = `expected a file or folder, got ${found[i]} at ${path}`;
    return found[i] === "" ? [] : [{ path: ["data", "curate", "decontaminate", "files", i], message }];
  });
}

/** Keys of a dataset that mean something for some kinds of source only. */
const belongsTo: Readonly<Record<string, readonly string[]>> = {
  format: ["path", "hub"],
  fields: ["path", "hub"],
  options: ["catalog", "path"],
  revision: ["hub", "catalog"],
  split: ["hub", "catalog", "path"],
  config: ["hub"],
  data_files: ["hub"],
};

function checkNames(recipe: Recipe): Problem[] {
  const problems: Problem[] = [];
  const names = recipe.data.datasets.map((dataset) => dataset.name);
  for (const [i, name] of names.entries()) {
    const first = names.indexOf(name);
    if (first < i) {
      const got = `${JSON.stringify(name)}, which data.datasets.${first} has`;
      const message = `expected a name that no other has, got ${got}; set name`;
      problems.push({ path: ["data", "datasets", i, "name"], message });
    }
  }
  const needName = (name: string, path: Problem["path"]) => {
    if (!names.includes(name))
      problems.push({ path, message: `unknown dataset ${name}; ${suggestion(name, names)}` });
  };
  for (const name of Object.keys(recipe.mix.weights)) needName(name, ["mix", "weights", name]);
  for (const [i, name] of (recipe.eval.datasets ?? []).entries()) needName(name, ["eval", "datasets", i]);
  return problems;
}

function checkFilters({ data }: Recipe, { filters }: Known): Problem[] {
  return (data.curate?.filters ?? []).flatMap((filter, i) =>
    namedProblems(namedAt("filter", filter, ["data", "curate", "filters", i]), filters),
  );
}

function checkOptimizer({ finetune }: Recipe, { optimizers }: Known): Problem[] {
  const { optimizer: name, optimizer_options: options } = finetune;
  const at = { name: ["finetune", "optimizer"], options: ["finetune", "optimizer_options"] };
  return namedProblems({ what: "optimizer", name, options, at }, optimizers);
}

function checkShares({ data: { split } }: Recipe): Problem[] {
  if (split.validation + split.test < 1) return [];
  const sum = split.validation + split.test;
  return [
    {
      path: ["data", "split"],
      message:
        `expected validation + test below 1, got ${sum}: nothing is left to train on. Test data of your own is a ` +
        "dataset with `split: test` beside its path",
    },
  ];
}

function checkBudget({ mix }: Recipe): Problem[] {
  const problems: Problem[] = [];
  const add = (key: string, message: string) => problems.push({ path: ["mix", key], message });
  if (mix.budget_tokens > 0 && mix.budget_supervised_tokens > 0)
    add("budget_supervised_tokens", "expected one budget, got budget_tokens beside it");
  const falls = mix.length_buckets.findIndex((bound, i) => i > 0 && bound <= mix.length_buckets[i - 1]!);
  if (falls > 0) add("length_buckets", `expected ascending bounds, got ${mix.length_buckets.join(", ")}`);
  if ((mix.long_fraction ?? 0) > 0 && mix.long_tokens > mix.max_seq_tokens)
    add("long_tokens", `expected at most mix.max_seq_tokens = ${mix.max_seq_tokens}, got ${mix.long_tokens}`);
  return problems;
}

function checkMethod({ finetune, model }: Recipe): Problem[] {
  if (finetune.method !== "lora" || model.config === undefined) return [];
  return [
    {
      path: ["finetune", "method"],
      message: "expected full for a model that starts from model.config, got lora",
    },
  ];
}
