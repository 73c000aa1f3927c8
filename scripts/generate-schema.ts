import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { TSchema } from "@sinclair/typebox";
import { exampleSchema } from "../src/contracts/example.ts";
import {
  curateSchema,
  decontaminateSchema,
  filterSchema,
  nearDuplicatesSchema,
} from "../src/contracts/recipe/curate.ts";
import { buildSchema, dataSchema, datasetSchema } from "../src/contracts/recipe/data.ts";
import { benchmarkSchema, evalSchema } from "../src/contracts/recipe/eval.ts";
import { fieldsSchema } from "../src/contracts/recipe/fields.ts";
import { finetuneSchema } from "../src/contracts/recipe/finetune.ts";
import { mixSchema } from "../src/contracts/recipe/mix.ts";
import { modelSchema } from "../src/contracts/recipe/model.ts";
import { recipeSchema } from "../src/contracts/recipe.ts";
import { commonOptions } from "../src/datasets/documents/builder.ts";
import { packagePath } from "../src/package-root.ts";
import { knownNames } from "../src/run/recipe/known-names.ts";
import { mapping } from "../src/schema.ts";
import { foreignTables } from "./foreign-tables.ts";
import { recipeTypeFiles } from "./recipe-type-files.ts";
import { keyTable, optionTable, without } from "./schema-tables.ts";
import { textOf } from "./schema-text.ts";
import { taskTable } from "./task-table.ts";

/**
 * Writes the files that repeat what `src` says: the JSON Schemas that editors use, the library's types of a
 * recipe, and the tables of keys and options in the docs, each between `<!-- table: name -->` and
 * `<!-- end of table -->`. Run it with `npm run generate`; a test says when a file is behind.
 */

const docs = [
  "docs/recipes.md",
  "docs/data.md",
  "docs/finetuning.md",
  "docs/evaluation.md",
  "docs/coming-from.md",
  "docs/tasks.md",
];

/** The text that every generated file should have, by its path from the package's root. */
export async function generatedFiles(): Promise<Record<string, string>> {
  const all = await tables();
  return {
    "schema/recipe.schema.json": schemaFile("recipe", "zebratune recipe", recipeSchema, sections),
    ...(await recipeTypeFiles()),
    "schema/example.schema.json": schemaFile("example", "Canonical example", exampleSchema, {}),
    ...Object.fromEntries(docs.map((path) => [path, withTables(readText(path), path, all)])),
  };
}

async function tables(): Promise<Readonly<Record<string, string>>> {
  const { datasets, formats, filters, builders, benchmarks, optimizers } = await knownNames();
  const { teacher, ...examples } = builders;
  const common = Object.keys(commonOptions);
  const ofBuilders = Object.entries(examples).map(([name, schema]) => [name, without(schema, common)]);
  return {
    recipe: keyTable(without(recipeSchema, ["model", "data", "mix", "finetune", "eval"])),
    model: keyTable(modelSchema),
    data: keyTable(dataSchema, ["curate"]),
    curate: keyTable(curateSchema),
    dataset: keyTable(datasetSchema, ["fields", "build"]),
    fields: keyTable(fieldsSchema, ["roles"]),
    build: keyTable(buildSchema),
    mix: keyTable(mixSchema, ["task_weights"]),
    finetune: keyTable(finetuneSchema),
    eval: keyTable(evalSchema),
    benchmark: keyTable(benchmarkSchema),
    "options of filters": optionTable("filter", filters),
    "options of builders": optionTable("builder", {
      all: mapping(commonOptions),
      ...Object.fromEntries(ofBuilders),
    }),
    "options of the teacher": keyTable(teacher!, ["price_per_million_tokens"]),
    "options of formats": optionTable("format", formats),
    "options of shipped texts": keyTable(datasets["moby-dick"]!),
    "options of optimizers": optionTable("optimizer", optimizers),
    "options of benchmarks": optionTable("benchmark", benchmarks),
    ...foreignTables(),
    "tasks that ship": taskTable(),
  };
}

/** A file's text with its tables brought up to date. Throws where it names an unknown table. */
function withTables(text: string, path: string, all: Readonly<Record<string, string>>): string {
  return text.replace(/<!-- table: (.+?) -->\n[\s\S]*?<!-- end of table -->/g, (_, name: string) => {
    const table = all[name];
    if (table === undefined)
      throw new TypeError(`${path}: expected one of ${Object.keys(all).join(", ")}, got ${name}`);
    return `<!-- table: ${name} -->\n\n${table}\n\n<!-- end of table -->`;
  });
}

/** Parts of the recipe that its schema file has under `$defs`. */
const sections: Readonly<Record<string, TSchema>> = {
  model: modelSchema,
  data: dataSchema,
  curate: curateSchema,
  filter: filterSchema,
  decontaminate: decontaminateSchema,
  nearDuplicates: nearDuplicatesSchema,
  dataset: datasetSchema,
  build: buildSchema,
  fields: fieldsSchema,
  mix: mixSchema,
  finetune: finetuneSchema,
  eval: evalSchema,
  benchmark: benchmarkSchema,
};

function schemaFile(
  name: string,
  title: string,
  schema: TSchema,
  parts: Readonly<Record<string, TSchema>>,
): string {
  const head = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `https://zebratune.dev/schema/${name}.schema.json`,
    title,
  };
  const names = new Map(Object.entries(parts).map(([part, of]) => [textOf(of), part]));
  const inside = (of: TSchema) =>
    Object.fromEntries(Object.entries(of).map(([key, value]) => [key, withRefs(value, names)]));
  const defs = Object.entries(parts).map(([part, { default: _, ...of }]) => [part, inside(of as TSchema)]);
  const $defs = defs.length === 0 ? undefined : Object.fromEntries(defs);
  return `${jsonOf({ ...head, ...inside(schema), $defs }, "")}\n`;
}

/**
 * A part of a schema with a reference in place of each section in it; a default stays beside the reference.
 */
function withRefs(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => withRefs(entry, names));
  const name = names.get(textOf(value));
  const ref = { $ref: `#/$defs/${name}`, ...("default" in value ? { default: value.default } : {}) };
  if (name !== undefined) return ref;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withRefs(entry, names)]));
}

/** JSON as the formatter leaves it: what has only plain values is on one line where there is room. */
function jsonOf(value: unknown, indent: string, before = 0): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const hasRoom = (short: string) => indent.length + before + short.length < 110;
  if (Array.isArray(value)) {
    const short = `[${value.map((entry) => JSON.stringify(entry)).join(", ")}]`;
    if (hasRoom(short)) return short;
    return `[\n${value.map((entry) => inner + jsonOf(entry, inner)).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  if (entries.length === 0) return "{}";
  const pairs = entries.map(([key, entry]) => `${JSON.stringify(key)}: ${JSON.stringify(entry)}`);
  const short = `{ ${pairs.join(", ")} }`;
  if (entries.every(([, entry]) => typeof entry !== "object") && hasRoom(short)) return short;
  const lines = entries.map(([key, entry]) => {
    const head = `${JSON.stringify(key)}: `;
    return inner + head + jsonOf(entry, inner, head.length);
  });
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

function readText(path: string): string {
  if (!existsSync(packagePath(...path.split("/")))) return "";
  return readFileSync(packagePath(...path.split("/")), "utf8");
}

if (import.meta.filename === resolve(process.argv[1] ?? "")) {
  for (const [path, text] of Object.entries(await generatedFiles())) {
    if (readText(path) === text) continue;
    writeFileSync(packagePath(...path.split("/")), text);
    console.log(`wrote ${path}`);
  }
}
