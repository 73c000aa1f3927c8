import type { HarnessFilter } from "../filter.ts";
import { itemAt, itemsOf, onlyOptions } from "../options.ts";

/** The first of the answers, which is then no list any more. */
export const takeFirstFilter: HarnessFilter = {
  name: "take_first",
  make(options) {
    onlyOptions(options, []);
    return (answers) => itemAt(itemsOf(answers), 0, "take_first");
  },
};
