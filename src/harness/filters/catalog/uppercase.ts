import type { HarnessFilter } from "../filter.ts";
import { itemsOf, onlyOptions, textOf } from "../options.ts";

/** Each answer in upper case. */
export const uppercaseFilter: HarnessFilter = {
  name: "uppercase",
  make(options) {
    onlyOptions(options, []);
    return (answers) => itemsOf(answers).map((answer) => textOf(answer, "uppercase").toUpperCase());
  },
};
