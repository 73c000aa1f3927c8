import { jinja } from "./jinja.ts";
import { lmEvalFilters } from "./lm-eval-filters.ts";
import type { Oracle } from "./oracle.ts";
import { pythonRandom } from "./python-random.ts";
import { rollingWindowsOracle } from "./rolling-windows.ts";
import { statisticsGroups } from "./statistics-groups.ts";

/** Every kind of oracle file that `npm run golden-eval` knows. */
export const oracles: readonly Oracle[] = [
  jinja,
  lmEvalFilters,
  pythonRandom,
  rollingWindowsOracle,
  statisticsGroups,
];
