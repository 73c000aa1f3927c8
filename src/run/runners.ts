import type { StageContext, StageName } from "../contracts/events.ts";
import type { Recipe } from "../contracts/recipe.ts";
import { type LabelledModel, tokenizerDirOf } from "./state/models.ts";

/** What a stage needs besides its part of the recipe. */
export interface StageInputs {
  /** An absolute path. */
  dataDir: string;
  models: readonly LabelledModel[];
}

/** Does the work of one stage. May emit `stage.end` with its summary. Throws Stopped when asked to stop. */
export type Runner = (ctx: StageContext, recipe: Recipe, inputs: StageInputs) => Promise<void>;

/** The real stages, imported when they are needed: making data does not load the engine. */
export const runners: Readonly<Record<StageName, Runner>> = {
  async data(ctx, { data, seed, mix }) {
    const { runDataStage } = await import("../datasets/stage/stage.ts");
    await runDataStage(ctx, { data, seed, maxSeqTokens: mix.max_seq_tokens });
  },
  async mix(ctx, recipe, { dataDir }) {
    const { runMixStage } = await import("../mixing/stage.ts");
    const { plainDocuments, rendersOf } = await import("../mixing/renders.ts");
    await runMixStage(ctx, {
      mix: recipe.mix,
      renders: await rendersOf(recipe),
      plainDocuments: await plainDocuments(recipe),
      seed: recipe.seed,
      tokenizerDir: await tokenizerDirOf(recipe),
      chatTemplate: recipe.model.chat_template,
      dataDir,
    });
  },
  async finetune(ctx, { finetune, model, seed }) {
    const { runFinetuneStage } = await import("../finetune/stage.ts");
    await runFinetuneStage(ctx, { finetune, model, seed });
  },
  async eval(ctx, recipe, { dataDir, models }) {
    const { runEvalStage } = await import("../eval/stage.ts");
    await runEvalStage(ctx, { eval: recipe.eval, models: [...models], dataDir });
  },
};
