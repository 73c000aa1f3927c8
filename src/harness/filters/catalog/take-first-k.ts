import { isList, PyTuple } from "../../../jinja/values/values.ts";
import { FilterError, type HarnessFilter } from "../filter.ts";
import { integerOption, itemsOf } from "../options.ts";

/** The first `k` answers. */
export const takeFirstKFilter: HarnessFilter = {
  name: "take_first_k",
  make(options) {
    const k = integerOption(options, "k");
    if (k < 1) throw new FilterError(`k: expected a whole number of at least 1, got ${k}`);
    return (answers) => {
      const items = itemsOf(answers);
      if (items.length < k)
        throw new FilterError(
          `take_first_k: expected at least ${k} answers, got ${items.length}; the task's repeats says how many`,
        );
      const first = items.slice(0, k);
      if (answers instanceof PyTuple) return new PyTuple(first);
      return isList(answers) ? first : first.join("");
    };
  },
};
