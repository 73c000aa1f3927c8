import { bleu } from "../../text-metrics/bleu.ts";
import { chrf, chrfPlusPlus } from "../../text-metrics/chrf.ts";
import { ter } from "../../text-metrics/ter.ts";

/**
 * A score of a whole set of texts as sacrebleu gives it. `references[k][i]` is the k-th reference of
 * `predictions[i]`: each of the lists is as long as the predictions.
 */
export type CorpusMetric = (
  predictions: readonly string[],
  references: readonly (readonly string[])[],
) => number;

export type CorpusMetricName = "bleu" | "chrf" | "chrf++" | "ter";

export const corpusMetrics: Readonly<Record<CorpusMetricName, CorpusMetric>> = {
  bleu: byText(bleu),
  chrf: byText(chrf),
  "chrf++": byText(chrfPlusPlus),
  ter: byText(ter),
};

/** Metrics take the references of each text together. */
function byText(metric: CorpusMetric): CorpusMetric {
  return (predictions, references) =>
    metric(
      predictions,
      predictions.map((_, i) => references.map((list) => list[i]!)),
    );
}
