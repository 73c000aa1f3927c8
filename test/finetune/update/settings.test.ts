import { expect, it } from "vitest";
import type { FinetuneSpec } from "../../../src/contracts/recipe.ts";
import { ConfigError } from "../../../src/errors.ts";
import { hashedSpec } from "../../../src/finetune/hashed-spec.ts";
import { lion } from "../../../src/finetune/optimizers/lion.ts";
import { recipeOptions } from "../../../src/finetune/update/rule.ts";
import { settingsOf } from "../../../src/finetune/update/settings.ts";

const spec = {
  optimizer: "adamw",
  optimizer_options: {},
  weight_decay: 0.1,
  adam_beta1: 0.8,
  adam_beta2: 0.7,
  adam_eps: 1e-6,
  max_grad_norm: 2,
} as FinetuneSpec;

it("AdamW's options are keys of the recipe, another optimizer's are under optimizer_options", () => {
  expect(settingsOf(spec)).toMatchObject({
    name: "adamw",
    options: { beta1: 0.8, beta2: 0.7, eps: 1e-6 },
    weightDecay: 0.1,
    maxGradNorm: 2,
  });
  const { options, rule } = settingsOf({ ...spec, optimizer: "lion", optimizer_options: { beta2: 0.98 } });
  expect(rule).toBe(lion);
  expect(options).toEqual({ beta1: 0.9, beta2: 0.98 });
  expect(Object.keys(recipeOptions(lion).properties)).toEqual(["beta1", "beta2"]);
  expect(Object.keys(recipeOptions(settingsOf(spec).rule).properties)).toEqual([]);
});

it("refuses an optimizer and options that there are not", () => {
  expect(() => settingsOf({ ...spec, optimizer: "abacus" })).toThrow(ConfigError);
  const wrong = { ...spec, optimizer: "lion", optimizer_options: { beta1: 1 } };
  expect(() => settingsOf(wrong)).toThrow("expected < 1, got 1");
});

it("hashes see the optimizer only where it is not the default", () => {
  expect(hashedSpec(spec)).not.toHaveProperty("optimizer");
  expect(hashedSpec(spec)).not.toHaveProperty("optimizer_options");
  expect(hashedSpec({ ...spec, optimizer: "lion" })).toMatchObject({
    optimizer: "lion",
    optimizer_options: {},
  });
});
