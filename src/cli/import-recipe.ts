import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { ConfigError } from "../errors.ts";
import { writeFileAtomic } from "../files.ts";
import { quoteForShell } from "../quote.ts";
import { type ForeignToolName, foreignTools, toolOf } from "../recipe/foreign/index.ts";
import { convertConfig } from "../recipe/import/convert.ts";
import { fieldsOf } from "../recipe/import/datasets.ts";
import type { Fields } from "../recipe/import/parts.ts";
import { formatImported } from "../recipe/import/write-imported.ts";
import { readRecipeSource } from "../recipe/source.ts";
import { loadRecipe } from "../run/recipe/load-recipe.ts";
import { UsageError } from "./exit.ts";

export interface ImportOptions {
  from?: ForeignToolName;
  force: boolean;
  writeLine: (line: string) => void;
}

/**
 * Writes a recipe from a config of another tool, and says what it could not take and what is to be done
 * before it runs. Throws ConfigError where the file is no such config, UsageError where `out` is there.
 */
export async function importRecipe(
  file: string,
  out: string | undefined,
  options: ImportOptions,
): Promise<void> {
  const { force, writeLine } = options;
  const { value } = await readRecipeSource(file);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ConfigError(file, ["expected a mapping, got another value"]);
  const config: Fields = { ...value };
  const tool = options.from ?? toolOf(Object.keys(config));
  const titles = Object.values(foreignTools).map(({ title }) => title);
  if (tool === undefined) {
    const names = Object.keys(foreignTools).join(", ");
    throw new ConfigError(
      file,
      [`expected a config of ${titles.join(", ")}, got one with other keys`],
      `If it is one of these, say which: --from ${names}.`,
    );
  }
  const target = out ?? `${basename(file, extname(file))}.recipe.yaml`;
  if (existsSync(target) && !force)
    throw new UsageError(`${target}: expected a name that is free, got a file. Give another, or --force`);
  const converted = convertConfig(tool, config, await datasetInfo(config, file));
  await writeFileAtomic(target, formatImported(converted, basename(file)));
  writeLine(
    `${target}: a recipe from a config of ${foreignTools[tool].title}, ${converted.taken.length} values taken`,
  );
  if (converted.left.length > 0) {
    writeLine(`not taken (${converted.left.length}):`);
    for (const { key, why } of converted.left) writeLine(`  - ${key}: ${why}`);
  }
  const problems = await loadRecipe(target).then(
    () => [],
    (error: unknown) => {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    },
  );
  if (problems.length > 0) {
    writeLine("before it runs:");
    for (const problem of problems) writeLine(`  - ${problem}`);
  }
  writeLine(`next: zebra plan ${quoteForShell(target)}, then zebra run ${quoteForShell(target)}`);
}

/** LLaMA-Factory's list of datasets, beside the config or where the command runs; {} where there is none. */
async function datasetInfo({ dataset_dir: given }: Fields, file: string): Promise<Fields> {
  const folder = typeof given === "string" ? given : "data";
  for (const path of [join(folder, "dataset_info.json"), join(dirname(file), folder, "dataset_info.json")]) {
    if (!existsSync(path)) continue;
    try {
      return fieldsOf(JSON.parse(await readFile(path, "utf8")));
    } catch (error) {
      if (error instanceof SyntaxError) throw new ConfigError(path, [`expected JSON, got: ${error.message}`]);
      throw error;
    }
  }
  return {};
}
