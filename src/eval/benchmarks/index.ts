import type { Benchmark } from "../benchmark.ts";
import { babilong } from "./babilong.ts";
import { contextGain } from "./context-gain.ts";
import { helmet } from "./helmet.ts";
import { infinitebench } from "./infinitebench.ts";
import { longProbe } from "./long-probe.ts";
import { longQa } from "./long-qa.ts";
import { longbench } from "./longbench.ts";
import { longbenchE } from "./longbench-e.ts";
import { longbenchV2 } from "./longbench-v2.ts";
import { multipleChoice } from "./multiple-choice.ts";
import { passkey } from "./passkey.ts";
import { perplexity } from "./perplexity.ts";
import { ruler } from "./ruler.ts";
import { summarization } from "./summarization.ts";

/** The benchmarks that a recipe may name. */
export const benchmarkCatalog = {
  "context-gain": contextGain,
  "long-probe": longProbe,
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
  ruler,
  summarization,
} as const satisfies Record<string, Benchmark>;
