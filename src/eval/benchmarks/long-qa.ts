import { generative } from "../generative.ts";

/**
 * Questions on short and long documents, answered greedily: SQuAD's exact match and token F1, the best over
 * the accepted answers. Conversations with several questions are skipped, because their later turns show
 * earlier answers.
 */
export const longQa = generative({
  task: "qa",
  maxNewTokens: 24,
  headline: { metric: "f1", name: "F1" },
  metrics: ["exact_match", "f1"],
  refuse: ({ meta }) => (meta.answers_by_turn ? "several turns" : undefined),
});
