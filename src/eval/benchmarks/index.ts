import type { Benchmark } from "../benchmark.ts";
import { contextGain } from "./context-gain.ts";
import { longProbe } from "./long-probe.ts";
import { longQa } from "./long-qa.ts";
import { multipleChoice } from "./multiple-choice.ts";
import { passkey } from "./passkey.ts";
import { perplexity } from "./perplexity.ts";
import { ruler } from "./ruler.ts";
import { summarization } from "./summarization.ts";

/** The benchmarks that a recipe may name. */
export const benchmarkCatalog = {
  "context-gain": contextGain,
  "long-probe": longProbe,
  "long-qa": longQa,
  "multiple-choice": multipleChoice,
  passkey,
  perplexity,
  ruler,
  summarization,
} as const satisfies Record<string, Benchmark>;
