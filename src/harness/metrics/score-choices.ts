import { charCount } from "../../jinja/values/iterate.ts";
import { isInteger, isList, typeName, type Value } from "../../jinja/values/values.ts";
import { MetricError } from "./metric-error.ts";
import type { EvaluatedRow, LogLikelihoodPair, RowScore, TargetShape } from "./scoring.ts";

/** The gold choice that there is not, in the harness's numbers. */
const nowhere = -100;

/** Scores a row of multiple choice from the log-likelihoods of its choices, in their order. */
export function scoreChoices(
  row: EvaluatedRow,
  pairs: readonly LogLikelihoodPair[],
  shape: TargetShape,
  names: ReadonlySet<string>,
): RowScore {
  const choices = choicesOf(row);
  const count = choices.length;
  const all = pairs.map(({ logLikelihood }) => logLikelihood);
  const hasUnconditional = names.has("acc_mutual_info") && all.length === 2 * count;
  if (count === 0 || (all.length !== count && !hasUnconditional))
    throw new MetricError(`expected a log-likelihood for each of ${count} choices, got ${all.length}`);
  const logLikelihoods = all.slice(0, count);
  const normed = (length: (choice: string) => number) =>
    firstLargest(logLikelihoods.map((one, i) => one / length(choices[i]!)));
  const predicted = firstLargest(logLikelihoods);
  const gold = goldOf(shape.hasMultipleInputs ? (row.text ?? null) : row.target, choices);
  const isRight = rightness(gold, shape);

  const items: Record<string, unknown> = {};
  const put = (name: string, value: () => unknown): void => {
    if (names.has(name)) items[name] = value();
  };
  put("acc", () => isRight(predicted));
  put("f1", () => [gold, predicted]);
  put("mcc", () => [gold, predicted]);
  put("acc_norm", () => isRight(normed(charCount)));
  put("acc_bytes", () => isRight(normed((choice) => Buffer.byteLength(choice))));
  // Asked for or not, the harness computes it: a gold choice that is no place in the list ends it.
  const isGreedy = greedy(gold, pairs);
  put("exact_match", () => isGreedy);
  put("brier_score", () => [gold, softmax(logLikelihoods)]);
  put("likelihood", () => [gold, logLikelihoods]);
  put("acc_mutual_info", () => {
    if (!hasUnconditional)
      throw new MetricError("acc_mutual_info: expected the choices without a context as well, got none");
    const gained = logLikelihoods.map((one, i) => one - all[count + i]!);
    // A list of one is compared as its one item, which no other list can be.
    const [only, ...more] = [gold].flat();
    if (only === undefined || more.length > 0)
      throw new MetricError("acc_mutual_info: expected one gold choice, got several or none");
    return Number(firstLargest(gained) === only);
  });
  const isBeyond = typeof gold === "number" ? gold === nowhere : gold.includes(nowhere);
  const warning = `doc_to_target: expected one of ${count} choices, got another: it counts as wrong`;
  return isBeyond ? { items, warning } : { items };
}

function choicesOf({ choices }: EvaluatedRow): string[] {
  if (choices === undefined || !isList(choices))
    throw new MetricError(
      `doc_to_choice: expected a list, got ${choices === undefined ? "none" : typeName(choices)}`,
    );
  return choices.map((choice) => {
    if (typeof choice === "string") return choice;
    throw new MetricError(`doc_to_choice: expected texts, got a ${typeName(choice)}`);
  });
}

/** As NumPy's argmax: the first of the largest, and before all others the first that is no number. */
function firstLargest(numbers: readonly number[]): number {
  const nan = numbers.findIndex(Number.isNaN);
  if (nan >= 0) return nan;
  return numbers.reduce((best, one, i) => (one > numbers[best]! ? i : best), 0);
}

/** The place of the gold choice, or places; `nowhere` for one that is not among the choices. */
function goldOf(gold: Value, choices: readonly string[]): number | number[] {
  if (isList(gold)) return gold.map((one) => placeOf(one, choices));
  if (typeof gold !== "string") return placeOf(gold, choices);
  const at = choices.indexOf(gold);
  return at < 0 ? nowhere : at;
}

function placeOf(gold: Value, choices: readonly string[]): number {
  if (!isInteger(gold))
    throw new MetricError(`doc_to_target: expected the number of a choice, got a ${typeName(gold)}`);
  return Number(gold) < choices.length ? Number(gold) : nowhere;
}

function rightness(gold: number | number[], { hasMultipleTargets }: TargetShape): (at: number) => 0 | 1 {
  if (hasMultipleTargets !== Array.isArray(gold))
    throw new MetricError(
      `doc_to_target: expected ${hasMultipleTargets ? "a list" : "one choice"}, as in the first row, ` +
        `got ${hasMultipleTargets ? "one choice" : "a list"}`,
    );
  return Array.isArray(gold) ? (at) => (gold.includes(at) ? 1 : 0) : (at) => (at === gold ? 1 : 0);
}

/** Whether the gold choice is what the model would write. A gold choice below 0 counts from the last one. */
function greedy(gold: number | number[], pairs: readonly LogLikelihoodPair[]): number {
  const isGreedy = (at: number): boolean => {
    if (at === nowhere) return false;
    const pair = pairs[at < 0 ? at + pairs.length : at];
    if (!pair) throw new MetricError(`doc_to_target: expected a choice that there is, got number ${at}`);
    return pair.isGreedy;
  };
  return Number(Array.isArray(gold) ? gold.some(isGreedy) : isGreedy(gold));
}

function softmax(numbers: readonly number[]): number[] {
  const most = Math.max(...numbers);
  const raised = numbers.map((one) => Math.exp(one - most));
  const total = raised.reduce((sum, one) => sum + one, 0);
  return raised.map((one) => one / total);
}
