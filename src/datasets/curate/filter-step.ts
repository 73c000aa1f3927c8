import type { FilterSpec } from "../../contracts/recipe.ts";
import { fillOptions } from "../../options.ts";
import type { Filter } from "./filter.ts";
import { catalog } from "./filters/index.ts";
import type { Step } from "./step.ts";

/** The filters of a recipe, in its order. Adds what is wrong with names and options to `problems`. */
export function filterSteps(specs: readonly FilterSpec[], where: string, problems: string[]): Step[] {
  return specs.flatMap(({ name, options: given }, i) => {
    const filter: Filter | undefined = Object.hasOwn(catalog, name)
      ? catalog[name as keyof typeof catalog]
      : undefined;
    if (filter === undefined) {
      const names = Object.keys(catalog).join(", ");
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
