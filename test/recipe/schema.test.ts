import { readFileSync } from "node:fs";
import type { TSchema } from "@sinclair/typebox";
import { expect, it } from "vitest";
import { generatedFiles } from "../../scripts/generate-schema.ts";
import { evalSchema } from "../../src/contracts/recipe/eval.ts";
import { finetuneSchema } from "../../src/contracts/recipe/finetune.ts";
import { mixSchema } from "../../src/contracts/recipe/mix.ts";
import { recipeSchema } from "../../src/contracts/recipe.ts";
import { packagePath } from "../../src/package-root.ts";
import { knownNames } from "../../src/run/recipe/known-names.ts";

const propertiesOf = (schema: TSchema) => Object.entries<TSchema>(schema.properties ?? {});

/** What a person cannot look up: keys without a description, and mappings that let unknown keys pass. */
function bareKeys(schema: TSchema, path: string): string[] {
  const isOpen = schema.properties !== undefined && schema.additionalProperties !== false;
  const items = schema.items as TSchema | undefined;
  return [
    ...(isOpen ? [`${path}: unknown keys`] : []),
    ...propertiesOf(schema).flatMap(([key, property]) => [
      ...(property.description === undefined ? [`${path}.${key}: description`] : []),
      ...bareKeys(property, `${path}.${key}`),
    ]),
    ...(items ? bareKeys(items, `${path}[]`) : []),
  ];
}

it("every key is described for editors, and unknown ones are errors", () => {
  expect(bareKeys(recipeSchema, "recipe")).toEqual([]);
});

it("so is every option of every catalog", async () => {
  const known = await knownNames();
  const bare = Object.entries(known).flatMap(([kind, entries]) =>
    Object.entries<TSchema>(entries).flatMap(([name, schema]) => bareKeys(schema, `${kind}.${name}`)),
  );
  // A teacher's price is described as a whole.
  expect(bare.filter((path) => !path.includes(".price_per_million_tokens."))).toEqual([]);
});

it("every key of mix, finetune and eval has a default", () => {
  const sections = { mix: mixSchema, finetune: finetuneSchema, eval: evalSchema };
  const without = Object.entries(sections).flatMap(([name, schema]) =>
    propertiesOf(schema).flatMap(([key, { default: value }]) =>
      value === undefined ? [`${name}.${key}`] : [],
    ),
  );
  expect(without).toEqual([]);
});

it("schema files and the tables of the docs are what src says: else run `npm run generate`", async () => {
  const behind = Object.entries(await generatedFiles()).flatMap(([path, text]) =>
    readFileSync(packagePath(...path.split("/")), "utf8") === text ? [] : [path],
  );
  expect(behind).toEqual([]);
});
