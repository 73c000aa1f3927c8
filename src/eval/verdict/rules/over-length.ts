import { formatCount } from "../../../format.ts";
import { percent, type Rule } from "../evidence.ts";

/** Much of the data was too long for the mix. */
export const overLength: Rule = ({ stages, recipe }) => {
  const found = (stages.mix?.ledger ?? [])
    .map(({ dataset, kept, shortened, changed, reasons }) => {
      const long = reasons.over_length ?? 0;
      return { dataset, long, all: kept + shortened + changed + long };
    })
    .filter(({ long, all }) => long >= 0.1 * all && long > 0);
  if (found.length === 0) return undefined;
  const parts = found.map(
    ({ dataset, long, all }) =>
      `${formatCount(long)} of ${formatCount(all)} examples of ${dataset} (${percent(long / all)})`,
  );
  const now = recipe ? ` (now ${recipe.mix.max_seq_tokens})` : "";
  return {
    evidence: `dropped as too long: ${parts.join(", ")}`,
    advice:
      `raise mix.max_seq_tokens${now}, or mark the document in the prompt as \`context\`, which ` +
      "over_length: shorten_context may cut",
  };
};
