import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { findModel } from "../../checkpoint/model-folder.ts";
import type { StageName } from "../../contracts/events.ts";
import type { BuildSpec, Recipe } from "../../contracts/recipe.ts";
import type { Builder, SourceBuilder } from "../../datasets/documents/builder.ts";
import { builderCatalog } from "../../datasets/documents/builders/index.ts";
import { taskInputs } from "../../eval/tasks/recipe-tasks.ts";
import { hashedSpec } from "../../finetune/hashed-spec.ts";
import { rendersOf } from "../../mixing/renders.ts";
import { packagePath } from "../../package-root.ts";
import { sha256Of } from "../../recipe/hash.ts";
import { entryOf } from "../../recipe/options.ts";
import { readChosenTemplate } from "../../tokenizer/chat/templates/chosen-template.ts";
import { readFiles } from "../../tokenizer-file-names.ts";
import { fingerprint } from "./fingerprint.ts";
import { type LabelledModel, tokenizerDirOf } from "./models.ts";

/**
 * Hash of everything a stage's outputs depend on: its part of the recipe, the seed if something is drawn at
 * random, the files it reads from outside, the stages before it, and the version of zebratune. sha256, hex.
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
      // How a dataset is rendered is the mix's: its data stay.
      const datasets = recipe.data.datasets.map(({ render: _, ...dataset }) => dataset);
      const data = { ...recipe.data, datasets };
      // Builders that are not told a size make examples for the mix.
      const isFitted = recipe.data.datasets.some(({ build }) => build !== undefined && isFittedBuild(build));
      const { max_seq_tokens } = recipe.mix;
      const drawn = { ...(isDrawn && { seed }), ...(isFitted && { max_seq_tokens }) };
      return sha256Of({ ...common, data, files, ...drawn });
    }
    case "mix": {
      const tokenizer = await tokenizerFingerprint(await tokenizerDirOf(recipe));
      const { chat_template: named } = recipe.model;
      const chosen = named === undefined ? {} : { chat_template: await readChosenTemplate(named) };
      const data = await inputHash("data", recipe);
      const renders = await rendersOf(recipe);
      return sha256Of({ ...common, seed, mix: recipe.mix, renders, tokenizer, ...chosen, data });
    }
    case "finetune": {
      const { model, finetune } = recipe;
      const weights = await weightsFingerprint(model.checkpoint ?? model.config ?? ".", model.base);
      const mix = await inputHash("mix", recipe);
      return sha256Of({ ...common, seed, model, finetune: hashedSpec(finetune), weights, mix });
    }
    case "eval": {
      const data = await inputHash("data", recipe);
      const own = recipe.eval.benchmarks.flatMap(({ path }) => (path === undefined ? [] : [resolve(path)]));
      const files = await Promise.all(own.map((path) => fingerprint(path, "content")));
      const { configs, paths } = await taskInputs(recipe.eval);
      files.push(...(await Promise.all(paths.map((path) => fingerprint(path, "content")))));
      const asked = {
        ...common,
        eval: recipe.eval,
        ...(files.length > 0 && { files }),
        ...(configs.length > 0 && { configs }),
      };
      if (!models) {
        return sha256Of({
          ...asked,
          data,
          finetune: await inputHash("finetune", recipe),
        });
      }
      const compared = await Promise.all(
        models.map(async ({ label, dir, base, chatTemplate: named }) => ({
          label,
          weights: await weightsFingerprint(dir, base),
          ...(named !== undefined && { chat_template: await readChosenTemplate(named) }),
        })),
      );
      return sha256Of({ ...asked, data, compared });
    }
  }
}

/** Whether a builder takes the sizes of its examples from the mix. A teacher model does not. */
function isFittedBuild({ name, options }: BuildSpec): boolean {
  const builder = entryOf<Builder | SourceBuilder>(builderCatalog, name);
  return builder?.kind === "examples" && options?.target_tokens === undefined;
}

/** For an adapter, this includes the weights of its base. */
async function weightsFingerprint(dir: string, base: string | undefined): Promise<string[]> {
  const { checkpoint, adapter } = await findModel(dir, base);
  const folders = adapter === null ? [checkpoint] : [checkpoint, adapter];
  return Promise.all(folders.map((folder) => fingerprint(folder, "stat")));
}

/** Only the tokenizer's own files: weights in the same folder do not change how text is tokenized. */
async function tokenizerFingerprint(dir: string): Promise<string[]> {
  return Promise.all(readFiles.map((name) => fingerprint(join(dir, name), "content")));
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(packagePath("package.json"), "utf8")) as { version: string };
  return manifest.version;
}
