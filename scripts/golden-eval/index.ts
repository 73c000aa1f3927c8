import { corpusMetricsOracle } from "./corpus-metrics.ts";
import { helmetOracle } from "./helmet.ts";
import { longbenchMetricsOracle } from "./longbench-metrics.ts";
import { longbenchV2AnswersOracle } from "./longbench-v2-answers.ts";
import type { Oracle } from "./oracle.ts";
import { rougeScoreOracle } from "./rouge-score.ts";
import { rulerOracle } from "./ruler.ts";
import { squadOracle } from "./squad.ts";
import { statisticsOracle } from "./statistics.ts";

/** Every kind of oracle file that `npm run golden-eval` knows. */
export const oracles: readonly Oracle[] = [
  corpusMetricsOracle,
  helmetOracle,
  longbenchMetricsOracle,
  longbenchV2AnswersOracle,
  rougeScoreOracle,
  rulerOracle,
  squadOracle,
  statisticsOracle,
];
