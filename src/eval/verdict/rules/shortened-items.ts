import { percent, type Rule } from "../evidence.ts";

/** Many questions were asked about documents that were cut. */
export const shortenedItems: Rule = ({ results, recipe }) => {
  const label = results?.models.at(-1)?.label;
  const found = results?.counts.filter(
    ({ model, items, shortened }) => model === label && items > 0 && shortened >= 0.5 * items,
  );
  if (!found || found.length === 0) return undefined;
  const parts = found.map(
    ({ benchmark, items, shortened }) => `${percent(shortened / items)} of ${benchmark}`,
  );
  const now = recipe ? ` (now ${recipe.eval.max_seq_tokens})` : "";
  return {
    evidence: `documents were cut to fit: ${parts.join(", ")}`,
    advice: `raise eval.max_seq_tokens${now}, or answers may be asked for that are no longer there`,
  };
};
