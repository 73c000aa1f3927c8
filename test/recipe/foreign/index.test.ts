import type { TSchema } from "@sinclair/typebox";
import { describe, expect, it } from "vitest";
import { recipeSchema } from "../../../src/contracts/recipe.ts";
import { axolotlDatasetKeys } from "../../../src/recipe/foreign/axolotl.ts";
import type { ForeignKeys } from "../../../src/recipe/foreign/foreign-key.ts";
import { foreignKey, foreignTools, toolOf } from "../../../src/recipe/foreign/index.ts";
import { llamaFactoryDatasetKeys } from "../../../src/recipe/foreign/llama-factory.ts";
import { otherDatasetKeys, otherKeys } from "../../../src/recipe/foreign/other.ts";
import { torchtuneKeys } from "../../../src/recipe/foreign/torchtune.ts";

function isKey(path: string, from: TSchema): boolean {
  let node: TSchema | undefined = from;
  for (const step of path.split("."))
    node = (node?.properties as Record<string, TSchema> | undefined)?.[step];
  return node !== undefined;
}

const dataset = (recipeSchema.properties as Record<string, TSchema>).data!.properties.datasets
  .items as TSchema;

describe("the tables of other tools' keys", () => {
  it("name places that recipes have", () => {
    const places = (tables: ForeignKeys[]) =>
      tables
        .flatMap((table) => Object.entries(table))
        .flatMap(([key, of]) => ("here" in of ? [[key, of.here]] : []));
    const tools = Object.values(foreignTools).map(({ keys }) => keys);
    const inRecipes = places([...tools, torchtuneKeys, otherKeys]);
    expect(inRecipes.length).toBeGreaterThan(60);
    expect(inRecipes.filter(([, path]) => !isKey(path!, recipeSchema))).toEqual([]);
    const inDatasets = places([axolotlDatasetKeys, llamaFactoryDatasetKeys, otherDatasetKeys]);
    expect(inDatasets.filter(([, path]) => !isKey(path!, dataset) && !isKey(path!, recipeSchema))).toEqual(
      [],
    );
  });

  it.each([
    ["learning_rate", "2e-4", "finetune.lr", 2e-4],
    ["optim", "paged_adamw_8bit", "finetune.optimizer", "adamw"],
    ["max_steps", -1, "finetune.max_steps", 0],
    ["eval_steps", 0.2, "finetune.validate_every_steps", undefined],
    ["lora_target", "q_proj, v_proj", "finetune.lora.target_modules", ["q_proj", "v_proj"]],
    ["lora_target_modules", ["c_attn"], "finetune.lora.target_modules", undefined],
    ["train_on_inputs", true, "mix.train_on.roles", ["system", "user", "assistant", "tool"]],
    ["mask_history", true, "mix.train_on.turns", "last"],
    ["val_set_size", 500, "data.split.validation", undefined],
    ["gradient_checkpointing", true, "finetune.activation_checkpointing", "layer"],
    ["stage", "dpo", "finetune.objective", undefined],
  ])("%s: %j is %s: %j", (key, value, path, expected) => {
    const found = foreignKey(key, false);
    if (found === undefined || !("here" in found)) return expect.fail(`no place for ${key}`);
    expect([found.here, found.as === undefined ? value : found.as(value)]).toEqual([path, expected]);
  });

  it("are found however words are joined, and say why where there is nothing", () => {
    for (const name of ["learning-rate", "learningRate", "Learning_Rate"])
      expect(foreignKey(name, false)).toMatchObject({ here: "finetune.lr" });
    expect(foreignKey("deepspeed", false)).toEqual({ none: "a run is one process on one device" });
    expect(foreignKey("toString", false)).toBeUndefined();
    expect(foreignKey("type", true)).toMatchObject({ here: "format" });
    expect(foreignKey("type", false)).toBeUndefined();
  });
});

it("tells whose config it is, and leaves a recipe with a wrong key or two alone", () => {
  expect(toolOf(["base_model", "datasets", "micro_batch_size", "learning_rate"])).toBe("axolotl");
  expect(toolOf(["model_name_or_path", "stage", "finetuning_type", "cutoff_len", "template"])).toBe(
    "llama-factory",
  );
  expect(toolOf(["model_name_or_path", "dataset_name", "max_length", "learning_rate"])).toBe("trl");
  expect(toolOf(["per_device_train_batch_size", "learning_rate", "num_train_epochs"])).toBe("trl");
  expect(toolOf(["model", "data", "mix", "finetune", "eval", "learning_rate", "name"])).toBeUndefined();
});
