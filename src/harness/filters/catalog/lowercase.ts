import type { HarnessFilter } from "../filter.ts";
import { itemsOf, onlyOptions, textOf } from "../options.ts";

/** Each answer in lower case. */
export const lowercaseFilter: HarnessFilter = {
  name: "lowercase",
  make(options) {
    onlyOptions(options, []);
    return (answers) => itemsOf(answers).map((answer) => textOf(answer, "lowercase").toLowerCase());
  },
};
