import type { Example } from "../contracts/example.ts";
import { scorerCatalog } from "./scorers/index.ts";

/** What counts as right: `meta.answers` where a dataset lists them, else the answer that the example ends with. */
export function referencesOf({ meta, messages }: Pick<Example, "meta" | "messages">): string[] {
  const { answers } = meta;
  if (Array.isArray(answers) && answers.length > 0) return answers.map(String);
  const last = messages.at(-1);
  // A call is judged by no metric of texts.
  return last?.role === "assistant" && last.tool_calls === undefined ? [last.content] : [];
}

/**
 * Each metric's score of a prediction: the best over the references, as SQuAD and rouge_score's score_multi take
 * it; 0 without any.
 */
export function scoreAgainst(
  references: readonly string[],
  prediction: string,
  metrics: readonly (keyof typeof scorerCatalog)[],
): Record<string, number> {
  const best = (metric: keyof typeof scorerCatalog): number =>
    references.reduce((most, target) => Math.max(most, scorerCatalog[metric].score(prediction, target)), 0);
  return Object.fromEntries(metrics.map((metric) => [metric, best(metric)]));
}
