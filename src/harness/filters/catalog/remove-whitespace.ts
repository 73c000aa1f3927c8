import { stripBlanks } from "../../../jinja/functions/string-methods.ts";
import type { HarnessFilter } from "../filter.ts";
import { itemsOf, textOf } from "../options.ts";

/** Each answer without white space at its beginning and end. Any options are let pass, as in the harness. */
export const removeWhitespaceFilter: HarnessFilter = {
  name: "remove_whitespace",
  make: () => (answers) =>
    itemsOf(answers).map((answer) => stripBlanks(textOf(answer, "remove_whitespace"), "both")),
};
