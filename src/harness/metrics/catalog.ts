import type { OutputType } from "../task-config.ts";

/** A metric of lm-evaluation-harness: how rows are put together, and which of two values is better. */
export interface HarnessMetric {
  name: string;
  aggregation: string;
  higherIsBetter: boolean;
}

const metric = (name: string, aggregation: string, higherIsBetter = true): HarnessMetric => ({
  name,
  aggregation,
  higherIsBetter,
});

/** The metrics of 0.4.13, by its names. */
export const metrics: readonly HarnessMetric[] = [
  metric("acc", "mean"),
  metric("acc_all", "mean"),
  metric("acc_bytes", "mean"),
  metric("acc_mutual_info", "mean"),
  metric("acc_norm", "mean"),
  metric("bits_per_byte", "bits_per_byte", false),
  metric("bleu", "bleu"),
  metric("brier_score", "brier_score", false),
  metric("bypass", "bypass"),
  metric("byte_perplexity", "weighted_perplexity", false),
  metric("chrf", "chrf"),
  metric("chrf++", "chrf++"),
  metric("exact_match", "mean"),
  metric("f1", "f1"),
  metric("likelihood", "mean"),
  metric("mcc", "matthews_corrcoef"),
  metric("perplexity", "perplexity", false),
  metric("ter", "ter", false),
  metric("word_perplexity", "weighted_perplexity", false),
];

/** What is computed where a task names no metrics. */
export const defaultMetrics: Readonly<Record<OutputType, readonly string[]>> = {
  loglikelihood: ["perplexity", "acc"],
  loglikelihood_rolling: ["word_perplexity", "byte_perplexity", "bits_per_byte"],
  multiple_choice: ["acc", "acc_norm"],
  generate_until: ["exact_match"],
};

/** What a row is given for a metric: one number, or two values that only some aggregations take. */
export type ItemKind = "numbers" | "pairs";

const ofLogLikelihood: Readonly<Record<string, ItemKind>> = { perplexity: "numbers", acc: "numbers" };
const ofRolling: Readonly<Record<string, ItemKind>> = {
  word_perplexity: "pairs",
  byte_perplexity: "pairs",
  bits_per_byte: "pairs",
};
const ofChoices: Readonly<Record<string, ItemKind>> = {
  acc: "numbers",
  acc_bytes: "numbers",
  acc_mutual_info: "numbers",
  acc_norm: "numbers",
  exact_match: "numbers",
  brier_score: "pairs",
  f1: "pairs",
  likelihood: "pairs",
  mcc: "pairs",
};

/** What a row of an output type is given for a metric; undefined: it is given nothing. */
export function itemKind(name: string, outputType: OutputType): ItemKind | undefined {
  switch (outputType) {
    case "loglikelihood":
      return ofLogLikelihood[name];
    case "loglikelihood_rolling":
      return ofRolling[name];
    case "multiple_choice":
      return ofChoices[name];
    case "generate_until":
      // All others are passed on as the gold answer and the generated one.
      return name === "exact_match" ? "numbers" : "pairs";
  }
}
