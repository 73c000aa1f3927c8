import type { Example } from "../../contracts/example.ts";
import { scorerCatalog } from "../scorers/index.ts";
import type { Scorer } from "./scorer.ts";

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
 * The score of a prediction by each metric: over several references the best, as in SQuAD and in
 * rouge_score's score_multi, or the mean, as in RULER's string_match_all; 0 without references.
 */
export function scoreAgainst(
  references: readonly string[],
  prediction: string,
  metrics: readonly (keyof typeof scorerCatalog)[],
): Record<string, number> {
  const together = (metric: keyof typeof scorerCatalog): number => {
    const { score, over }: Scorer = scorerCatalog[metric];
    const scores = references.map((target) => score(prediction, target));
    if (over === "mean" && scores.length > 0)
      return scores.reduce((sum, one) => sum + one, 0) / scores.length;
    return Math.max(0, ...scores);
  };
  return Object.fromEntries(metrics.map((metric) => [metric, together(metric)]));
}
