import { PyFloat, PyTuple, type Value } from "../../jinja/values/values.ts";
import { MetricError } from "./metric-error.ts";
import { scoreChoices } from "./score-choices.ts";
import { scoreText } from "./score-text.ts";
import type { EvaluatedRow, LogLikelihoodPair, RowScore, ScoringTask, TargetShape } from "./scoring.ts";

/**
 * What one row is given for each metric. `results`: for each of its requests what a filter pipeline made of
 * the answer: a text (or what the filters made of it), `logLikelihoodPair`s, or a number (rolling). Throws
 * DataError where the harness would end with an exception: the row failed.
 */
export function scoreRow(task: ScoringTask, row: EvaluatedRow, results: readonly Value[]): RowScore {
  const names = new Set(task.metrics.map(({ name }) => name));
  switch (task.output_type) {
    case "loglikelihood": {
      const [pair] = pairsOf(results, 1);
      return { items: only(names, { perplexity: pair!.logLikelihood, acc: Number(pair!.isGreedy) }) };
    }
    case "loglikelihood_rolling":
      return { items: only(names, rollingItems(row.target, results)) };
    case "multiple_choice":
      return scoreChoices(row, pairsOf(results), task.shape, names);
    case "generate_until":
      return { items: scoreText(row, results[0] ?? null, task) };
  }
}

/** What the first row of a task says of all of them. Throws MetricError for one that ends the harness. */
export function shapeOf({ choices, target, text }: EvaluatedRow): TargetShape {
  const list = Array.isArray(choices) ? (choices as readonly Value[]) : undefined;
  const isNumber = typeof text === "number" || typeof text === "boolean";
  if (list?.includes(""))
    throw new MetricError(
      "doc_to_choice: expected choices that are not empty, got an empty one in the first row: " +
        "its length would divide the log-likelihood",
    );
  return {
    hasMultipleInputs: list !== undefined && isNumber && list.length > 0,
    hasMultipleTargets: Array.isArray(target) && target.length > 0,
  };
}

/** An answer to a request for a log-likelihood, as filters take it. */
export function logLikelihoodPair({ logLikelihood, isGreedy }: LogLikelihoodPair): Value {
  return new PyTuple([new PyFloat(logLikelihood), isGreedy]);
}

function pairsOf(results: readonly Value[], count?: number): LogLikelihoodPair[] {
  if (count !== undefined && results.length !== count)
    throw new MetricError(`expected ${count} answer to the row, got ${results.length}`);
  return results.map((result) => {
    const [first, second] = result instanceof PyTuple ? result.items : Array.isArray(result) ? result : [];
    const logLikelihood = first instanceof PyFloat ? first.value : first;
    if (typeof logLikelihood !== "number" || typeof second !== "boolean")
      throw new MetricError("expected a log-likelihood and whether it is the likeliest, got another value");
    return { logLikelihood, isGreedy: second };
  });
}

/** What \s is in Python. */
const blanks = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

function rollingItems(target: Value, results: readonly Value[]): Record<string, unknown> {
  const [result] = results;
  const logLikelihood = result instanceof PyFloat ? result.value : result;
  if (typeof logLikelihood !== "number" || results.length !== 1)
    throw new MetricError("expected one log-likelihood of the text, got another value");
  if (typeof target !== "string")
    throw new MetricError(
      "doc_to_target: expected the text whose likelihood is asked for, got another value",
    );
  const bytes = Buffer.byteLength(target);
  return {
    word_perplexity: [logLikelihood, target.split(blanks).length],
    byte_perplexity: [logLikelihood, bytes],
    bits_per_byte: [logLikelihood, bytes],
  };
}

function only(names: ReadonlySet<string>, items: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(items).filter(([name]) => names.has(name)));
}
