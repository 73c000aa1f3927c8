import { MetricError } from "../metric-error.ts";

export type Label = number | string | boolean | bigint;

/** scikit-learn's `f1_score(golds, predictions)` of two labels, of which 1 is the one that counts. */
export function binaryF1(pairs: readonly (readonly [gold: Label, prediction: Label])[]): number {
  const labels = new Set(pairs.flat().map(number));
  if (labels.size > 2)
    throw new MetricError(
      `f1: expected two labels, got ${labels.size}: ${[...labels]
        .sort((a, b) => a - b)
        .join(", ")
        .slice(0, 60)}`,
    );
  if (labels.size === 2 && !labels.has(1))
    throw new MetricError(`f1: expected labels of which one is 1, got ${[...labels].join(", ")}`);
  let [hits, golds, predictions] = [0, 0, 0];
  for (const [gold, prediction] of pairs) {
    if (number(gold) === 1) golds++;
    if (number(prediction) === 1) predictions++;
    if (number(gold) === 1 && number(prediction) === 1) hits++;
  }
  return golds + predictions === 0 ? 0 : (2 * hits) / (golds + predictions);
}

function number(label: Label): number {
  if (typeof label === "string") throw new MetricError("f1: expected numbers as labels, got texts");
  return Number(label);
}

/** scikit-learn's `matthews_corrcoef`, of any number of labels. */
export function matthews(pairs: readonly (readonly [gold: Label, prediction: Label])[]): number {
  const key = (label: Label) => (typeof label === "string" ? label : Number(label));
  const golds = new Map<string | number, number>();
  const predictions = new Map<string | number, number>();
  let hits = 0;
  for (const [gold, prediction] of pairs) {
    golds.set(key(gold), (golds.get(key(gold)) ?? 0) + 1);
    predictions.set(key(prediction), (predictions.get(key(prediction)) ?? 0) + 1);
    if (key(gold) === key(prediction)) hits++;
  }
  const total = pairs.length;
  const squares = (counts: ReadonlyMap<unknown, number>) =>
    [...counts.values()].reduce((sum, count) => sum + count * count, 0);
  let both = 0;
  for (const [label, count] of golds) both += count * (predictions.get(label) ?? 0);
  const spread = (total * total - squares(predictions)) * (total * total - squares(golds));
  return spread === 0 ? 0 : (hits * total - both) / Math.sqrt(spread);
}
