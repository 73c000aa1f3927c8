import type { Example } from "../../contracts/example.ts";
import { DataError } from "../../errors.ts";
import { scorerCatalog } from "../scorers/index.ts";
import { referencesOf } from "./references.ts";
import type { Scorer } from "./scorer.ts";

/**
 * Before anything is asked: throws ConfigError where a metric cannot run here, DataError where it cannot use
 * the references of all questions.
 */
export function checkMetrics(
  name: string,
  metrics: readonly (keyof typeof scorerCatalog)[],
  examples: readonly Pick<Example, "id" | "meta" | "messages">[],
): void {
  for (const metric of metrics) {
    const { check, accepts }: Scorer = scorerCatalog[metric];
    check?.();
    if (accepts === undefined) continue;
    const others = examples.filter((example) => !referencesOf(example).every(accepts.isReference));
    const [first] = others;
    if (first === undefined) continue;
    const reference = referencesOf(first).find((one) => !accepts.isReference(one));
    throw new DataError(
      `${name}: expected right answers for ${metric} (${accepts.reference}), got others in ${others.length} ` +
        `of ${examples.length} questions, first ${first.id}: ${JSON.stringify(reference?.slice(0, 80))}. ` +
        "Choose another metric, or name those answers in the data",
    );
  }
}
