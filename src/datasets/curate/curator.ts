import type { Example } from "../../contracts/example.ts";
import type { CurateSpec } from "../../contracts/recipe.ts";
import { ConfigError } from "../../errors.ts";
import { joinReasons, type Reason } from "../reason.ts";
import { type BenchmarkInputs, decontaminate, readBenchmarks } from "./contamination/decontaminate.ts";
import type { CurateStep } from "./curate-step.ts";
import { exactDuplicates } from "./duplicates/exact-duplicates.ts";
import { nearDuplicates } from "./duplicates/near-duplicates.ts";
import { filterSteps } from "./filter-step.ts";
import { scrubPii, scrubText } from "./pii/pii.ts";

/** An example after curation, perhaps changed, or why it is dropped. */
export type Curated = { example: Example; changed?: Reason } | { dropped: Reason };

/** Judges the examples of all datasets, in the order of the recipe. */
export type Curator = (example: Example) => Curated;

/** What the steps need of the run. */
export type CuratorInputs = Omit<BenchmarkInputs, "scrub">;

/**
 * The steps of `data.curate` in a fixed order: PII first, so that no later step sees or reports it; then
 * steps that look at one example; then steps that compare examples, so that none is dropped as a copy of one
 * that is dropped itself. Reads the benchmarks. Throws ConfigError with all that is wrong, DataError for a
 * benchmark that cannot be read.
 */
export async function createCurator(spec: CurateSpec | undefined, inputs: CuratorInputs): Promise<Curator> {
  if (spec === undefined) return (example) => ({ example });
  const problems: string[] = [];
  const filters = filterSteps(spec.filters, "data.curate.filters", problems);
  if (problems.length > 0) throw new ConfigError("data", problems);
  const steps: CurateStep[] = [...(spec.pii.length > 0 ? [scrubPii(spec.pii)] : []), ...filters];
  if (spec.decontaminate) {
    const scrub = (text: string) => scrubText(text, spec.pii);
    const index = await readBenchmarks(spec.decontaminate, { ...inputs, scrub });
    steps.push(decontaminate(index, spec.decontaminate.splits));
  }
  if (spec.exact_duplicates) steps.push(exactDuplicates());
  if (spec.near_duplicates) steps.push(nearDuplicates(spec.near_duplicates));
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
