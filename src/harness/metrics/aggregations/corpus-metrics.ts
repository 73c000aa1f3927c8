/**
 * A score of a whole set of texts as sacrebleu gives it. `references[k][i]` is the k-th reference of
 * `predictions[i]`: each of the lists is as long as the predictions.
 */
export type CorpusMetric = (
  predictions: readonly string[],
  references: readonly (readonly string[])[],
) => number;

/** A name that is not there is refused, by that name. */
export const corpusMetrics: Readonly<Partial<Record<CorpusMetricName, CorpusMetric>>> = {};

export type CorpusMetricName = "bleu" | "chrf" | "chrf++" | "ter";
