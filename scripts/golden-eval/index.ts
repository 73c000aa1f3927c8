import { corpusMetricsOracle } from "./corpus-metrics.ts";
import { helmetOracle } from "./helmet.ts";
import { jinja } from "./jinja.ts";
import { lmEvalFilters } from "./lm-eval-filters.ts";
import { longbenchMetricsOracle } from "./longbench-metrics.ts";
import { longbenchV2AnswersOracle } from "./longbench-v2-answers.ts";
import type { Oracle } from "./oracle.ts";
import { pythonRandom } from "./python-random.ts";
import { rollingWindowsOracle } from "./rolling-windows.ts";
import { rougeScoreOracle } from "./rouge-score.ts";
import { rulerOracle } from "./ruler.ts";
import { squadOracle } from "./squad.ts";
import { statisticsOracle } from "./statistics.ts";
import { statisticsGroups } from "./statistics-groups.ts";

/** Every kind of oracle file that `npm run golden-eval` knows. */
export const oracles: readonly Oracle[] = [
  corpusMetricsOracle,
  helmetOracle,
  jinja,
  lmEvalFilters,
  longbenchMetricsOracle,
  longbenchV2AnswersOracle,
  pythonRandom,
  rollingWindowsOracle,
  rougeScoreOracle,
  rulerOracle,
  squadOracle,
  statisticsOracle,
  statisticsGroups,
];
