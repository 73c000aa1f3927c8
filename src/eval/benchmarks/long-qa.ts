import { generative } from "../generative.ts";

/**
 * Questions on short and long documents, answered greedily: exact match and token F1 of SQuAD, the best over the
 * accepted answers. Conversations of several questions are skipped, as their later turns show earlier answers.
 */
export const longQa = generative({
  task: "qa",
  maxNewTokens: 24,
  metrics: ["exact_match", "f1"],
  refuse: ({ meta }) => (meta.answers_by_turn ? "several turns" : undefined),
});
