import { stripBlanks } from "../../../jinja/functions/string-methods.ts";
import { charCount } from "../../../jinja/values/iterate.ts";
import { isList, typeName, type Value } from "../../../jinja/values/values.ts";
import { compilePattern, escapePattern } from "../../python/regex/pattern.ts";
import type { Row } from "../../task-config.ts";
import { FilterError, type HarnessFilter } from "../filter.ts";
import { finderOf, ignoringOptions } from "../finder.ts";
import { itemsOf, onlyOptions, textOf } from "../options.ts";
import { regexOptions } from "./regex.ts";

/** The letter of an answer, by the row's column `choices`. */
export const multiChoiceRegexFilter = byChoices("multi_choice_regex", choicesOf);

/**
 * The letter of an answer, `(B)`: what the pattern finds, else the choice whose text is in the answer (longer
 * choices first), else a letter after a colon.
 */
export function byChoices(name: string, choicesOf: (row: Row) => string[]): HarnessFilter {
  return {
    name,
    make(options) {
      onlyOptions(options, ["regex_pattern", ...ignoringOptions]);
      const { pattern, groupSelect, fallback } = regexOptions(options);
      const { plain, find, isPlain } = finderOf(options, groupSelect);
      return (answers, row) => {
        const choices = choicesOf(row).map((choice) => plain(stripBlanks(choice, "both")));
        const names = choices.map((_, i) => String.fromCodePoint(65 + i));
        const escaped = choices.map(escapePattern);
        const longestFirst = escaped.toSorted((a, b) => charCount(b) - charCount(a));
        const byText = compilePattern(longestFirst.join("|"));
        const letterOfText = new Map(choices.map((choice, i) => [choice, `(${names[i]})`]));
        const byLetter = compilePattern(`:[\\s]*(${names.join("|")})`);
        const letterOfName = new Map(names.map((name) => [name, `(${name})`]));
        return itemsOf(answers).map((answer): Value => {
          const text = typeof answer === "string" ? answer : "";
          const found = find(pattern, text);
          if (found !== "") return found;
          const shortened = isPlain ? text : plain(textOf(answer, name));
          return find(byText, shortened, letterOfText) || find(byLetter, text, letterOfName) || fallback;
        });
      };
    },
  };
}

function choicesOf(row: Row): string[] {
  const choices = row.get("choices");
  if (choices === undefined)
    throw new FilterError("multi_choice_regex: expected a column choices in the row, got none");
  if (!isList(choices))
    throw new FilterError(`multi_choice_regex: expected choices as a list, got ${typeName(choices)}`);
  return choices.map((choice) => textOf(choice, "choices"));
}
