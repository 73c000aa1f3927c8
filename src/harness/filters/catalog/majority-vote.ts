import { PyDict, type Value } from "../../../jinja/values/values.ts";
import type { HarnessFilter } from "../filter.ts";
import { itemAt, itemsOf, onlyOptions } from "../options.ts";

/** The answer that was given most often, the first of several: a list of one. */
export const majorityVoteFilter: HarnessFilter = {
  name: "majority_vote",
  make(options) {
    onlyOptions(options, []);
    return (answers) => {
      const counts = new PyDict();
      for (const answer of itemsOf(answers)) counts.put(answer, Number(counts.get(answer) ?? 0) + 1);
      const all: (readonly [Value, Value])[] = [...counts.entries()];
      const most = Math.max(...all.map(([, count]) => Number(count)));
      const winners = all.filter(([, count]) => count === most).map(([answer]) => answer);
      return [itemAt(winners, 0, "majority_vote")];
    };
  },
};
