import { PyDict, type Value } from "../../../jinja/values/values.ts";
import { compilePattern, type Pattern } from "../../python/regex/pattern.ts";
import { regexOptions } from "../catalog/regex.ts";
import { FilterError, type HarnessFilter } from "../filter.ts";
import { finderOf, ignoringOptions } from "../finder.ts";
import { itemsOf, onlyOptions, textOf } from "../options.ts";

/** What any of the patterns finds in an answer, and of that the value of the first pattern that finds it. */
export const bbhMapFilter: HarnessFilter = {
  name: "bbh_map",
  make(options) {
    onlyOptions(options, ["regex_pattern_to_value", ...ignoringOptions]);
    const { groupSelect, fallback } = regexOptions(options);
    const { plain, find } = finderOf(options, groupSelect);
    const values = valuesOf(options.regex_pattern_to_value);
    const any = compilePattern(values.map(([{ source }]) => source).join("|"));
    return (answers) =>
      itemsOf(answers).map((answer) => {
        const found = find(any, plain(textOf(answer, "bbh_map")));
        if (found === "") return fallback;
        const value = values.find(([pattern]) => find(pattern, plain(found)) !== "");
        return value ? value[1] : fallback;
      });
  },
};

function valuesOf(given: Value | undefined): [Pattern, Value][] {
  const dict = given ?? new PyDict();
  if (!(dict instanceof PyDict))
    throw new FilterError("regex_pattern_to_value: expected values by pattern, got something else");
  return [...dict.entries()].map(([pattern, value]) => {
    if (typeof pattern !== "string")
      throw new FilterError("regex_pattern_to_value: expected patterns as text, got something else");
    return [compilePattern(pattern), value];
  });
}
