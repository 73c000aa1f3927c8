import type { CurateSpec } from "../../recipe/recipe.ts";
import type { Example } from "../example.ts";
import { detail, type Reason } from "../source.ts";
import { exactDuplicates } from "./exact.ts";
import { nearDuplicates } from "./near.ts";
import type { Step } from "./step.ts";

/** An example after curation, changed or as it was, or why it is dropped. */
export type Curated = { example: Example; changed?: Reason } | { dropped: Reason };

/** Judges the examples of all datasets, in the order of the recipe. */
export type Curator = (example: Example) => Curated;

/**
 * The steps that `data.curate` asks for, in a fixed order: what is cheap and looks at one example first, what
 * compares examples last, so that no example is dropped for its likeness to one that went for another reason.
 */
export function createCurator(spec: CurateSpec | undefined): Curator {
  const steps: Step[] = [
    ...(spec?.exact_duplicates ? [exactDuplicates()] : []),
    ...(spec?.near_duplicates ? [nearDuplicates(spec.near_duplicates)] : []),
  ];
  return (given) => {
    let example = given;
    const changes: Reason[] = [];
    for (const step of steps) {
      const verdict = step(example);
      if (verdict === null) continue;
      if ("dropped" in verdict) return verdict;
      example = verdict.example;
      changes.push(verdict.changed);
    }
    const changed = joinReasons(changes);
    return changed ? { example, changed } : { example };
  };
}

/** Several changes of one row as one: the first one's reason, what was done in each. */
export function joinReasons(changes: readonly Reason[]): Reason | undefined {
  const [first] = changes;
  return first && { reason: first.reason, detail: detail(changes.map((c) => c.detail).join("; ")) };
}
