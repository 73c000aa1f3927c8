import type { FilterSpec } from "../../contracts/recipe.ts";
import { entryOf, unknownName } from "../../recipe/options.ts";
import type { CurateStep } from "./curate-step.ts";
import type { Filter } from "./filter.ts";
import { filterCatalog } from "./filters/index.ts";

/** The filters of a recipe, in its order. Adds what is wrong with names and options to `problems`. */
export function filterSteps(specs: readonly FilterSpec[], where: string, problems: string[]): CurateStep[] {
  return specs.flatMap(({ name, options }, i) => {
    const filter = entryOf<Filter>(filterCatalog, name);
    if (filter === undefined) {
      problems.push(`${where}[${i}].name: ${unknownName(filterCatalog, name)}`);
      return [];
    }
    const reasonOf = filter.open(options, `${where}[${i}].options`, problems);
    if (reasonOf === null) return [];
    return [
      (example) => {
        const reason = reasonOf(example);
        return reason && { dropped: reason };
      },
    ];
  });
}
