import type { Example } from "../../contracts/example.ts";
import { scorerCatalog } from "../scorers/index.ts";

/**
 * The accepted answers: `meta.answers` where a dataset lists them, else the answer at the end of the example.
 */
export function referencesOf({ meta, messages }: Pick<Example, "meta" | "messages">): string[] {
  const { answers } = meta;
  if (Array.isArray(answers) && answers.length > 0) return answers.map(String);
  const last = messages.at(-1);
  // No text metric can judge a tool call.
  return last?.role === "assistant" && last.tool_calls === undefined ? [last.content] : [];
}

/**
 * The score of a prediction by each metric: the best over the references, as in SQuAD and in rouge_score's
 * score_multi; 0 without references.
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
