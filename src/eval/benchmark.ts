import type { ZebraModel } from "../model/api.ts";
import type { BenchmarkSpec } from "../recipe/recipe.ts";
import type { StopSignal } from "../run/events.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";

/** What every benchmark may use. */
export interface Environment {
  tokenizer: Tokenizer;
  dataDir: string;
  maxSeqTokens: number;
  spec: BenchmarkSpec;
  stop: StopSignal;
}

/** One question to a model, the same for every model. */
export interface Item {
  id: string;
  isShortened: boolean;
  ask(model: ZebraModel): Promise<Answer>;
}

export interface Answer {
  scores: Score[];
  promptTail: string;
  target: string;
  prediction: string;
  tokens: number;
}

/**
 * A contribution to one figure: figures are Σ sum / Σ weight over items. Slice "" is the whole benchmark.
 */
export interface Score {
  slice: string;
  metric: string;
  sum: number;
  weight: number;
}

export interface Benchmark {
  defaultLimit: number;
  /** Figures made from the weighted mean of a metric, by name: perplexity is exp of nats a token. */
  derived?: Record<string, { from: string; of: (mean: number) => number }>;
  items(environment: Environment): Promise<{ items: Item[]; skipped: number }>;
}

/** One score for the whole and one for each slice. */
export function scoresIn(slices: readonly string[], metrics: Record<string, number>): Score[] {
  return ["", ...slices].flatMap((slice) =>
    Object.entries(metrics).map(([metric, sum]) => ({ slice, metric, sum, weight: 1 })),
  );
}
