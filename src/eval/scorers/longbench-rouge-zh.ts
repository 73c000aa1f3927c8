import { chineseRouge } from "../../harness/text-metrics/longbench/chinese.ts";
import { jieba } from "../../harness/text-metrics/longbench/jieba.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** LongBench's rouge_zh_score: ROUGE-L of Chinese words, as jieba cuts them. */
export const longbenchRougeZh: Scorer = {
  official: "LongBench 2e00731",
  check: () => void jieba(),
  score: (prediction, target) => chineseRouge(prediction, target, jieba()),
};
