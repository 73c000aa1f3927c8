import type { InitTask } from "./goal.ts";
import type { Found } from "./look.ts";

/** What is mixed, and how much of each dataset. */
export interface Budget {
  tokens: number;
  /** That the data give no more, rather than the time. */
  isAllThereIs: boolean;
  /** By the dataset's name, where equal shares would ask one of them for more than it has. */
  weights: Readonly<Record<string, number>>;
}

/** A dataset of the recipe, and about how many tokens its training split has. */
export interface Counted {
  name: string;
  tokens: number;
  examples: number;
}

/** As a recipe of ours has it. */
export const maxEpochs = 4;

/**
 * How often examples are trained on by plan. Sizes are drawn, so a few examples may well have less than is
 * thought, by one standard deviation of their mean: then `mix.max_epochs` still gives what was asked for.
 */
function plannedEpochs(examples: number): number {
  return Math.min(maxEpochs - 1, maxEpochs * (1 - 0.7 / Math.sqrt(Math.max(1, examples))));
}

/** The tokens that a machine has time for, as far as the data have them. */
export function budgetFor(datasets: readonly Counted[], affordable: number, least: number): Budget {
  const all = datasets.reduce((sum, { tokens }) => sum + tokens, 0);
  const gives = (one: Counted) => one.tokens * plannedEpochs(one.examples);
  const has = datasets.reduce((sum, one) => sum + gives(one), 0);
  const tokens = Math.max(least, roundTo(Math.min(affordable, has), 1000));
  const isShort = datasets.some((one) => gives(one) < tokens / datasets.length);
  const isEven = datasets.every((one) => one.tokens > (0.75 * all) / datasets.length);
  const weights = isShort && !isEven ? datasets : [];
  const weightOf = (own: number) => Math.max(0.01, Math.round((100 * own) / all) / 100);
  return {
    tokens,
    isAllThereIs: has < affordable,
    weights: Object.fromEntries(weights.map((one) => [one.name, weightOf(one.tokens)])),
  };
}

/** Tokens of rows or of whole documents, none longer than a sequence where there is a longest. */
export function textTokens(one: Found, charsPerToken: number, longest = Number.POSITIVE_INFINITY): number {
  const tokens = one.chars.reduce((sum, chars) => sum + Math.min(longest, chars / charsPerToken), 0);
  return tokens * unseen(one);
}

/**
 * Tokens of the examples that are built of documents, one of each: sizes are drawn evenly by their logarithm,
 * and a document that is shorter than what was drawn gives none.
 */
export function builtTokens(
  one: Found,
  charsPerToken: number,
  [least, most]: readonly [number, number],
): number {
  if (most <= least) return one.chars.length * most * unseen(one);
  const each = (chars: number) => Math.max(0, Math.min(chars / charsPerToken, most) - least);
  return (one.chars.reduce((sum, chars) => sum + each(chars), 0) / Math.log(most / least)) * unseen(one);
}

/** What is made of documents for a task; also the end of its dataset's name. */
export const suffixes: Readonly<Record<InitTask, string>> = {
  summarization: "summaries",
  qa: "questions",
  writing: "writing",
};

/** How much more there is than was looked at. */
function unseen({ isWhole, sizeBytes, chars }: Found): number {
  return isWhole ? 1 : Math.max(1, sizeBytes / chars.reduce((sum, length) => sum + length, 1));
}

const roundTo = (value: number, unit: number): number => Math.max(unit, Math.round(value / unit) * unit);
