import type { Rule } from "../evidence.ts";

/** Items that ended in an error are in no figure. */
export const failedItems: Rule = ({ results }) => {
  const failed = results?.counts.filter((one) => one.failed > 0) ?? [];
  if (failed.length === 0) return undefined;
  const parts = failed.map((one) => `${one.failed} of ${one.items} items of ${one.benchmark} (${one.model})`);
  return {
    evidence: `${parts.join(", ")} failed and are in no figure`,
    advice:
      'read their errors ("error" in eval/samples); most often eval.max_seq_tokens is too small for a ' +
      "question and its choices",
  };
};
