import { stripBlanks } from "../../../jinja/functions/string-methods.ts";
import { charCount } from "../../../jinja/values/iterate.ts";
import { isList, typeName, type Value } from "../../../jinja/values/values.ts";
import { compilePattern, escapePattern, type Pattern } from "../../python/regex/pattern.ts";
import type { Row } from "../../task-config.ts";
import { FilterError, type HarnessFilter } from "../filter.ts";
import { flagOption, itemAt, itemsOf, onlyOptions, patternsOption, textOf } from "../options.ts";
import { regexOptions } from "./regex.ts";

const known = [
  "regex_pattern",
  "group_select",
  "fallback",
  "ignore_case",
  "ignore_punctuation",
  "regexes_to_ignore",
];

/**
 * The letter of an answer, `(B)`: what the pattern finds, else the choice whose text is in the answer (longer
 * choices first), else a letter after a colon.
 */
export const multiChoiceRegexFilter: HarnessFilter = {
  name: "multi_choice_regex",
  make(options) {
    onlyOptions(options, known);
    const { pattern, groupSelect, fallback } = regexOptions(options);
    const ignored = patternsOption(options, "regexes_to_ignore");
    const ignoreCase = flagOption(options, "ignore_case");
    const ignorePunctuation = flagOption(options, "ignore_punctuation");

    const plain = (text: string): string => {
      let rest = ignored.reduce((left, one) => one.sub("", left), text);
      if (ignoreCase) rest = rest.toLowerCase();
      return ignorePunctuation ? rest.replace(/\p{P}/gu, "") : rest;
    };
    /** "" where nothing is found. */
    const find = (by: Pattern, text: string, letters?: ReadonlyMap<string, string>): string => {
      const found = by.findall(text);
      if (found.length === 0) return "";
      const match = itemAt(found, groupSelect, "group_select");
      const first = typeof match === "string" ? match : match.find((group) => group !== "");
      const stripped = stripBlanks(first ?? "", "both");
      return stripped === "" ? "" : (letters?.get(stripped) ?? stripped);
    };

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
        const isPlain = ignored.length === 0 && !ignoreCase && !ignorePunctuation;
        const shortened = isPlain ? text : plain(textOf(answer, "multi_choice_regex"));
        return find(byText, shortened, letterOfText) || find(byLetter, text, letterOfName) || fallback;
      });
    };
  },
};

function choicesOf(row: Row): string[] {
  const choices = row.get("choices");
  if (choices === undefined)
    throw new FilterError("multi_choice_regex: expected a column choices in the row, got none");
  if (!isList(choices))
    throw new FilterError(`multi_choice_regex: expected choices as a list, got ${typeName(choices)}`);
  return choices.map((choice) => textOf(choice, "choices"));
}
