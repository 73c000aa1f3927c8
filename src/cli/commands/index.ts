import type { Command } from "commander";
import { registerCompare } from "./compare.ts";
import { registerCompletion } from "./completion.ts";
import { registerConvert } from "./convert.ts";
import { registerData } from "./data.ts";
import { registerDoctor } from "./doctor.ts";
import { registerEval } from "./eval.ts";
import { registerFinetune } from "./finetune.ts";
import { registerGenerate } from "./generate.ts";
import { registerImportRecipe } from "./import-recipe.ts";
import { registerInit } from "./init.ts";
import { registerInspect } from "./inspect.ts";
import { registerMerge } from "./merge.ts";
import { registerMix } from "./mix.ts";
import { registerPlan } from "./plan.ts";
import { registerRun } from "./run.ts";
import { registerScore } from "./score.ts";

/** All commands in the order of the help. A command is one file and one line here. */
export const commands = {
  init: registerInit,
  run: registerRun,
  data: registerData,
  mix: registerMix,
  finetune: registerFinetune,
  eval: registerEval,
  compare: registerCompare,
  score: registerScore,
  generate: registerGenerate,
  "import-recipe": registerImportRecipe,
  inspect: registerInspect,
  plan: registerPlan,
  convert: registerConvert,
  merge: registerMerge,
  doctor: registerDoctor,
  completion: registerCompletion,
} as const satisfies Record<string, (program: Command) => void>;
