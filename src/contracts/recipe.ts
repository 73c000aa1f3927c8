import { type Static, Type } from "@sinclair/typebox";
import { mapping, optionalText } from "../schema.ts";
import type { deviceChoices } from "./devices.ts";
import type {
  curateSchema,
  decontaminateSchema,
  filterSchema,
  nearDuplicatesSchema,
} from "./recipe/curate.ts";
import { type buildSchema, dataSchema, type datasetSchema } from "./recipe/data.ts";
import { type benchmarkSchema, evalSchema } from "./recipe/eval.ts";
import type { fieldsSchema } from "./recipe/fields.ts";
import { finetuneSchema, type loraSchema } from "./recipe/finetune.ts";
import { mixSchema } from "./recipe/mix.ts";
import { modelSchema } from "./recipe/model.ts";
import { namePattern } from "./recipe/named.ts";

/**
 * A recipe: every key is said once, in `recipe/`, with its type, bounds, default and description. From there
 * come the types below, what a recipe is checked against, `schema/recipe.schema.json` and the tables of
 * `docs/recipes.md` (`npm run generate` writes the last two).
 */
export const recipeSchema = mapping(
  {
    name: Type.Optional(
      Type.String({
        description: "Name of the run. Default: the recipe file's base name.",
        pattern: namePattern,
      }),
    ),
    seed: Type.Integer({
      description:
        "Seeds what is drawn at random: built examples, the mix and its order, initial weights. " +
        "Benchmarks ask the same for every seed.",
      minimum: 0,
      maximum: 4294967295,
      default: 42,
    }),
    output_dir: optionalText("Folder of all artifacts. Default: runs/<name>."),
    model: modelSchema,
    data: dataSchema,
    mix: mixSchema,
    finetune: finetuneSchema,
    eval: evalSchema,
  },
  {
    description:
      "One run from source texts to a report: which model, which data, how it is mixed and packed, how it " +
      "is tuned, how it is measured. Paths are relative to the folder the command runs in.",
  },
);

/** A recipe as its schema has it, before names that depend on other values are filled in. */
export type WrittenRecipe = Static<typeof recipeSchema>;

/**
 * A recipe after loading: every default is filled in, also those that depend on other values. Relative paths
 * are still as written; they are resolved against the working directory.
 */
export type Recipe = Omit<WrittenRecipe, "name" | "output_dir" | "data"> & {
  name: string;
  output_dir: string;
  data: DataSpec;
};
export type DataSpec = Omit<Static<typeof dataSchema>, "datasets"> & { datasets: DatasetSpec[] };
export type DatasetSpec = Static<typeof datasetSchema> & { name: string };

export type ModelSpec = Static<typeof modelSchema>;
export type FieldsSpec = Static<typeof fieldsSchema>;
export type BuildSpec = Static<typeof buildSchema>;
export type CurateSpec = Static<typeof curateSchema>;
export type FilterSpec = Static<typeof filterSchema>;
export type DecontaminateSpec = Static<typeof decontaminateSchema>;
export type NearDuplicatesSpec = Static<typeof nearDuplicatesSchema>;
export type MixSpec = Static<typeof mixSchema>;
export type FinetuneSpec = Static<typeof finetuneSchema>;
export type LoraSpec = Static<typeof loraSchema>;
export type EvalSpec = Static<typeof evalSchema>;
export type BenchmarkSpec = Static<typeof benchmarkSchema>;
export type DeviceSpec = (typeof deviceChoices)[number];
