import type { FilterSpec } from "../../contracts/recipe.ts";
import { fillOptions } from "../../options.ts";
import type { CurateStep } from "./curate-step.ts";
import type { Filter } from "./filter.ts";
import { filterCatalog } from "./filters/index.ts";

/** The filters of a recipe, in its order. Adds what is wrong with names and options to `problems`. */
export function filterSteps(specs: readonly FilterSpec[], where: string, problems: string[]): CurateStep[] {
  return specs.flatMap(({ name, options: given }, i) => {
    const filter: Filter | undefined = Object.hasOwn(filterCatalog, name)
      ? filterCatalog[name as keyof typeof filterCatalog]
      : undefined;
    if (filter === undefined) {
      const names = Object.keys(filterCatalog).join(", ");
      problems.push(`${where}[${i}].name: expected one of ${names}, got ${JSON.stringify(name)}`);
      return [];
    }
    const before = problems.length;
    const options = fillOptions(filter.options, given, `${where}[${i}].options`, problems);
    if (problems.length > before) return [];
    const reasonOf = filter.create(options);
    return [
      (example) => {
        const reason = reasonOf(example);
        return reason && { dropped: reason };
      },
    ];
  });
}
