import type { Benchmark } from "../benchmark.ts";
import { babilong } from "./babilong.ts";
import { helmet } from "./helmet.ts";
import { infinitebench } from "./infinitebench.ts";
import { longQa } from "./long-qa.ts";
import { longbench } from "./longbench.ts";
import { longbenchE } from "./longbench-e.ts";
import { longbenchV2 } from "./longbench-v2.ts";
import { multipleChoice } from "./multiple-choice.ts";
import { passkey } from "./passkey.ts";
import { perplexity } from "./perplexity.ts";
import { summarization } from "./summarization.ts";

/** The benchmarks that a recipe may name. */
export const benchmarkCatalog = {
  babilong,
  helmet,
  infinitebench,
  "long-qa": longQa,
  longbench,
  "longbench-e": longbenchE,
  "longbench-v2": longbenchV2,
  "multiple-choice": multipleChoice,
  passkey,
  perplexity,
  summarization,
} as const satisfies Record<string, Benchmark>;
