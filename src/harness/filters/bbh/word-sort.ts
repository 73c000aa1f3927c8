import { compilePattern } from "../../python/regex/pattern.ts";
import { splitBlanks } from "../../text-metrics/python-text.ts";
import { FilterError, type HarnessFilter } from "../filter.ts";
import { itemsOf, onlyOptions, textOf } from "../options.ts";
import { inputOf } from "./input.ts";

/** The words of the question's list in the order in which the answer names them last. */
export const bbhWordSortFilter: HarnessFilter = {
  name: "bbh_word_sort",
  make(options) {
    onlyOptions(options, []);
    return (answers, row) => {
      const [, list] = inputOf(row, "bbh_word_sort").split("List:");
      if (list === undefined)
        throw new FilterError("bbh_word_sort: expected a question with List:, got none");
      const words = compilePattern(
        splitBlanks(list)
          .map((word) => `\\b${word}\\b`)
          .join("|"),
      );
      return itemsOf(answers).map((answer) => {
        const found = words.findall(textOf(answer, "bbh_word_sort"));
        return [...new Set(found.map(String).reverse())].reverse().join(" ");
      });
    };
  },
};
