import { stripBlanks } from "../../../jinja/functions/string-methods.ts";
import type { Value } from "../../../jinja/values/values.ts";
import type { FilterOptions, HarnessFilter } from "../filter.ts";
import { integerOption, itemAt, itemsOf, onlyOptions, patternOption, textOf } from "../options.ts";

const defaultPattern = "#### (\\-?[0-9\\.\\,]+)";

/** The pattern, which of its matches, and what is answered where it has none. */
export function regexOptions(options: FilterOptions) {
  return {
    pattern: patternOption(options, "regex_pattern", defaultPattern),
    groupSelect: integerOption(options, "group_select", 0),
    fallback: options.fallback === undefined ? "[invalid]" : options.fallback,
  };
}

/** Takes what a pattern finds in each answer. */
export const regexFilter: HarnessFilter = {
  name: "regex",
  make(options) {
    onlyOptions(options, ["regex_pattern", "group_select", "fallback"]);
    const { pattern, groupSelect, fallback } = regexOptions(options);
    const extract = (answer: Value): Value => {
      const found = pattern.findall(typeof answer === "string" ? answer : "");
      if (found.length === 0) return fallback;
      const match = itemAt(found, groupSelect, "group_select");
      const text = typeof match === "string" ? match : (match.find((group) => group !== "") ?? fallback);
      return stripBlanks(textOf(text, "fallback"), "both");
    };
    return (answers) => itemsOf(answers).map(extract);
  },
};
