import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { findModel } from "../checkpoint/model-folder.ts";
import type { StageName } from "../contracts/events.ts";
import type { Recipe } from "../contracts/recipe.ts";
import { hashedSpec } from "../finetune/hashed-spec.ts";
import { packagePath } from "../package-root.ts";
import { sha256Of } from "../recipe/hash.ts";
import { fingerprint } from "./fingerprint.ts";

/** A checkpoint to evaluate, under the label that results carry. */
export interface LabelledModel {
  label: string;
  dir: string;
  /** The model that an adapter at `dir` belongs to, instead of what its config says. */
  base?: string;
}

/** In the order they run. */
export const stageOrder: readonly StageName[] = ["data", "mix", "finetune", "eval"];

/** Folder of each stage's outputs under the run's folder. */
export const stageFolder: Readonly<Record<StageName, string>> = {
  data: "data",
  mix: "mix",
  finetune: "train",
  eval: "eval",
};

/** The last thing each stage writes, under the run's folder: without it, its outputs are not whole. */
export const stageResult: Readonly<Record<StageName, string>> = {
  data: "data/manifest.json",
  mix: "mix/manifest.json",
  finetune: "train/final",
  eval: "eval/results.json",
};

/** All stages up to and including `last`. */
export function stagesUpTo(last: StageName): StageName[] {
  return stageOrder.slice(0, stageOrder.indexOf(last) + 1);
}

/** Folder with the tokenizer that the recipe's model uses, absolute. Throws CheckpointError as `findModel` does. */
export async function tokenizerDirOf({ model }: Recipe): Promise<string> {
  if (model.checkpoint === undefined) return resolve(model.tokenizer ?? ".");
  return (await findModel(model.checkpoint, model.base)).tokenizer;
}

/** What a run's evaluation compares: the checkpoint it started from, if any, and the one it made. */
export function modelsOf(recipe: Recipe, runDir: string): LabelledModel[] {
  const after = { label: "after", dir: join(runDir, "train", "final") };
  const { checkpoint, base } = recipe.model;
  if (checkpoint === undefined) return [after];
  return [{ label: "before", dir: resolve(checkpoint), ...(base !== undefined && { base }) }, after];
}

/**
 * Hash of everything a stage's outputs depend on: its part of the recipe, the seed where something is drawn by it,
 * the files it reads from outside, the stages before it and the toolkit's version. sha256, hex.
 */
export async function inputHash(
  stage: StageName,
  recipe: Recipe,
  models?: readonly LabelledModel[],
): Promise<string> {
  const { seed } = recipe;
  const common = { stage, version: packageVersion() };
  switch (stage) {
    case "data": {
      const paths = recipe.data.datasets.flatMap((dataset) =>
        dataset.path === undefined ? [] : [dataset.path],
      );
      paths.push(...(recipe.data.curate?.decontaminate?.files ?? []));
      const files = await Promise.all(paths.map((path) => fingerprint(resolve(path), "content")));
      const isDrawn = recipe.data.datasets.some(({ build }) => build !== undefined);
      return sha256Of({ ...common, data: recipe.data, files, ...(isDrawn && { seed }) });
    }
    case "mix": {
      const tokenizer = await tokenizerFingerprint(await tokenizerDirOf(recipe));
      return sha256Of({ ...common, seed, mix: recipe.mix, tokenizer, data: await inputHash("data", recipe) });
    }
    case "finetune": {
      const { model, finetune } = recipe;
      const weights = await weightsFingerprint(model.checkpoint ?? model.config ?? ".", model.base);
      const mix = await inputHash("mix", recipe);
      return sha256Of({ ...common, seed, model, finetune: hashedSpec(finetune), weights, mix });
    }
    case "eval": {
      const data = await inputHash("data", recipe);
      if (!models) {
        return sha256Of({
          ...common,
          eval: recipe.eval,
          data,
          finetune: await inputHash("finetune", recipe),
        });
      }
      const compared = await Promise.all(
        models.map(async ({ label, dir, base }) => ({ label, weights: await weightsFingerprint(dir, base) })),
      );
      return sha256Of({ ...common, eval: recipe.eval, data, compared });
    }
  }
}

/** Of an adapter, its base's weights, too. */
async function weightsFingerprint(dir: string, base: string | undefined): Promise<string[]> {
  const { checkpoint, adapter } = await findModel(dir, base);
  const folders = adapter === null ? [checkpoint] : [checkpoint, adapter];
  return Promise.all(folders.map((folder) => fingerprint(folder, "stat")));
}

/** Only the tokenizer's own files: weights beside them do not change what text becomes. */
async function tokenizerFingerprint(dir: string): Promise<string[]> {
  const names = [
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "chat_template.jinja",
    "additional_chat_templates/tool_use.jinja",
  ];
  return Promise.all(names.map((name) => fingerprint(join(dir, name), "content")));
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(packagePath("package.json"), "utf8")) as { version: string };
  return manifest.version;
}
