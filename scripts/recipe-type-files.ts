import { execFileSync } from "node:child_process";
import type { TSchema } from "@sinclair/typebox";
import {
  curateSchema,
  decontaminateSchema,
  filterSchema,
  nearDuplicatesSchema,
} from "../src/contracts/recipe/curate.ts";
import { buildSchema, dataSchema, datasetSchema } from "../src/contracts/recipe/data.ts";
import { benchmarkSchema, evalSchema } from "../src/contracts/recipe/eval.ts";
import { fieldsSchema } from "../src/contracts/recipe/fields.ts";
import { finetuneSchema, loraSchema } from "../src/contracts/recipe/finetune.ts";
import { mixSchema } from "../src/contracts/recipe/mix.ts";
import { modelSchema } from "../src/contracts/recipe/model.ts";
import { recipeSchema } from "../src/contracts/recipe.ts";
import { packagePath } from "../src/package-root.ts";
import { knownNames } from "../src/run/recipe/known-names.ts";
import { type InterfaceFile, interfaceFile, type Named } from "./recipe-types.ts";
import { textOf } from "./schema-text.ts";

const folder = "src/library/recipe";

/** The recipe's types for the library, by path: a file for each section. */
export async function recipeTypeFiles(): Promise<Record<string, string>> {
  const { datasets, filters, builders, benchmarks, optimizers } = await knownNames();
  const files: Record<string, InterfaceFile> = {
    "recipe.ts": {
      interfaces: {
        RecipeInput: recipeSchema,
        ModelInput: modelSchema,
        EvalInput: evalSchema,
      },
      needed: ["RecipeInput.name"],
      typed: { "EvalInput.benchmarks": { type: "Benchmark[]", file: "benchmarks.ts" } },
    },
    "data.ts": {
      interfaces: { DataInput: dataSchema, DatasetInput: datasetSchema, FieldsInput: fieldsSchema },
      typed: {
        "DatasetInput.catalog": { type: "CatalogName", file: "names.ts" },
        "DatasetInput.build": { type: "Builder", file: "builders.ts" },
      },
    },
    "curate.ts": {
      interfaces: {
        CurateInput: curateSchema,
        DecontaminateInput: decontaminateSchema,
        NearDuplicatesInput: nearDuplicatesSchema,
      },
      typed: { "CurateInput.filters": { type: "Filter[]", file: "filters.ts" } },
    },
    "mix.ts": { interfaces: { MixInput: mixSchema } },
    "finetune.ts": {
      interfaces: { FinetuneInput: finetuneSchema, LoraInput: loraSchema },
      typed: { "FinetuneInput.optimizer": { type: "OptimizerName", file: "names.ts" } },
    },
    "builders.ts": {
      interfaces: optionsOf("Builder", builders),
      after: entries(
        "Builder",
        "What makes examples of documents, with its settings.",
        builders,
        buildSchema,
      ),
    },
    "filters.ts": {
      interfaces: optionsOf("Filter", filters),
      after: entries("Filter", "A filter and its settings.", filters, filterSchema),
    },
    "benchmarks.ts": {
      interfaces: { ...optionsOf("Benchmark", benchmarks), TestSet: testSetSchema },
      after: entries("Benchmark", "A benchmark and its settings.", benchmarks, catalogEntry, ["TestSet"]),
    },
    "names.ts": {
      interfaces: {},
      after: [
        ...names("CatalogName", "Entries of the catalog of datasets.", datasets),
        "",
        ...names("OptimizerName", "Optimizers.", optimizers),
      ],
    },
  };
  const elsewhere = new Map(
    Object.entries(files).flatMap(([file, { interfaces }]) =>
      Object.entries(interfaces).map(([type, schema]): [string, Named] => [textOf(schema), { type, file }]),
    ),
  );
  return Object.fromEntries(
    Object.entries(files).map(([file, of]) => {
      const path = `${folder}/${file}`;
      return [path, formatted(path, interfaceFile(file, of, elsewhere))];
    }),
  );
}

/** As Biome leaves it, which checks these files as all others. */
function formatted(path: string, text: string): string {
  const command = packagePath("node_modules", ".bin", "biome");
  return execFileSync(command, ["format", `--stdin-file-path=${path}`], {
    input: text,
    encoding: "utf8",
    cwd: packagePath(),
  });
}

const { path: ownPath, name: ownName, limit, ...ownKeys } = benchmarkSchema.properties;
/** An entry of `eval.benchmarks` that the catalog has. */
const catalogEntry: TSchema = { ...benchmarkSchema, properties: { name: ownName, limit } };
/** One that is a file of one's own. */
const testSetSchema: TSchema = {
  ...benchmarkSchema,
  description: "A test set of your own.",
  properties: { name: ownName, path: ownPath, limit, ...ownKeys },
  required: ["name", "path"],
};

type Entries = Readonly<Record<string, TSchema>>;

const hasOptions = (schema: TSchema) => Object.keys(schema.properties ?? {}).length > 0;

/** `document-questions` of the builders: `DocumentQuestionsBuilderOptions`. */
function optionsName(kind: string, name: string): string {
  const words = name.split("-").map((word) => `${word[0]!.toUpperCase()}${word.slice(1)}`);
  return `${words.join("")}${kind}Options`;
}

function optionsOf(kind: string, of: Entries): Entries {
  return Object.fromEntries(
    Object.entries(of)
      .filter(([, schema]) => hasOptions(schema))
      .map(([name, schema]) => [
        optionsName(kind, name),
        { ...schema, description: schema.description ?? `Options of ${name}.` },
      ]),
  );
}

/** A union of `{ name, options }` over a catalog, with the other keys that such an entry has. */
function entries(
  kind: string,
  said: string,
  of: Entries,
  schema: TSchema,
  besides: readonly string[] = [],
): string[] {
  const others = Object.keys(schema.properties).filter((key) => key !== "name" && key !== "options");
  const more = others.map(
    (key) => `${key}?: ${schema.properties[key].type === "integer" ? "number" : key} | undefined`,
  );
  const lines = Object.entries(of).map(([name, options]) => {
    const type = hasOptions(options) ? optionsName(kind, name) : "Readonly<Record<string, never>>";
    const inside = [`name: ${JSON.stringify(name)}`, ...more, `options?: ${type} | undefined`];
    return `  | { ${inside.join("; ")} }`;
  });
  lines.push(...besides.map((type) => `  | ${type}`));
  return [`/** ${said} */`, `export type ${kind} =`, ...ended(lines)];
}

function names(type: string, said: string, of: Entries): string[] {
  const all = Object.keys(of).map((name) => JSON.stringify(name));
  const short = `export type ${type} = ${all.join(" | ")};`;
  const lines =
    short.length <= 110 ? [short] : [`export type ${type} =`, ...ended(all.map((n) => `  | ${n}`))];
  return [`/** ${said} */`, ...lines];
}

function ended(lines: string[]): string[] {
  return lines.map((line, i) => (i === lines.length - 1 ? `${line};` : line));
}
